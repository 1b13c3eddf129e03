export { PresenceModule, type PresenceModuleOptions } from './presence.module.js';
