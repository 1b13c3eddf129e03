export { FirstAdministrator } from './first-administrator.js';
export { IdentityModule, type IdentityModuleOptions } from './identity.module.js';
export { type IdentitySettings, identitySettings } from './settings.js';
