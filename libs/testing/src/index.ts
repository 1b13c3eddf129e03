export { engine, type Engines } from './engines.js';
export { eventually, never } from './eventually.js';
export { type ClusterOptions, ParleyCluster, type ProcessName } from './parley-cluster.js';
export { ParleyServer, type ParleyServerOptions } from './parley-server.js';
export { freePort } from './ports.js';
export { hasRedisServer, RedisProcess } from './redis-process.js';
export { RealKafka } from './real-kafka.js';
export { type Forgery, goodToken, type GoodToken, signed, tokenForgeries } from './token-forgeries.js';
export { SERVICES, type Service } from './services.js';
