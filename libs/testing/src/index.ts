export { eventually, never } from './eventually.js';
export { ParleyServer, type ParleyServerOptions, STANDALONE } from './parley-server.js';
export { freePort } from './ports.js';
