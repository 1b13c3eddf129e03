export { MediaSignalModule, type MediaSignalModuleOptions } from './media-signal.module.js';
export { type MediaSignalSettings, mediaSignalSettings } from './settings.js';
