export { list, onOff, port, readSettings, SettingsError, wholeNumber } from './config/settings.js';
export { consume, type Consumer, deadLetterTopic } from './events/consumer.js';
export { Outbox } from './events/outbox.js';
export { PlatformModule } from './nest/platform.module.js';
export { bind, provide } from './nest/provide.js';
export { SystemClock, UuidGenerator } from './nest/system.js';
export { InProcessServer } from './rpc/in-process-server.js';
export { RpcErrorFilter } from './rpc/rpc-error.filter.js';
