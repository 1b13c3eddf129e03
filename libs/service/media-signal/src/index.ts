export { DeviceBack, DeviceGone } from '@parley/core-media-signal';
export { MediaSignalModule, type MediaSignalModuleOptions } from './media-signal.module.js';
export { type MediaSignalSettings, mediaSignalSettings } from './settings.js';
