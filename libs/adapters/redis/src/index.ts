export { redisError } from './redis-errors.js';
export { RedisStore, type RedisScript, type RedisStoreOptions } from './redis-store.js';
