export { Clock, IdGenerator } from './clock.js';
export { DomainError, type ErrorDetails, errorOf, type ErrorKind, type FieldError } from './domain-error.js';
export type { Branded, CallId, ConversationId, DeviceId, FileId, MessageId, SessionId, UserId } from './ids.js';
export { MicroBatcher, type MicroBatcherOptions } from './micro-batcher.js';
export type { Page, PageRequest } from './page.js';
export type { Principal } from './session-context.js';
