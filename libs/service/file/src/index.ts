export { FileModule, type FileModuleOptions } from './file.module.js';
export { registerObjectRoutes } from './inbound/http/object-routes.js';
export { signingSecret } from './outbound/signing-secret.js';
export { fileLimits, type FileSettings, fileSettings } from './settings.js';
