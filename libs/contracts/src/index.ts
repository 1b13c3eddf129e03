export { EventLog, type LogRecord, type LogSubscription, type ReceivedRecord } from './event-log.js';
export * from './public/administration.js';
export * from './public/auth.js';
export * from './public/calls.js';
export * from './public/common.js';
export * from './public/contents.js';
export * from './public/contacts.js';
export * from './public/conversations.js';
export { ERROR_CODES, type ErrorCode, type ErrorCodeName } from './public/error-codes.js';
export { errorLanguage, type ErrorLanguage, errorText } from './public/error-text.js';
export * from './public/files.js';
export * from './public/members.js';
export { emojiOf } from './public/emoji.js';
export * from './public/messages.js';
export {
  type BodyOf,
  type Operation,
  operation,
  type ParamsOf,
  type QueryOf,
  type ResponseOf,
} from './public/operation.js';
export { type Person, person } from './public/people.js';
export * from './public/presence.js';
export { commands, events, socketCommands, socketEvents } from './public/realtime.js';
export { operations, rest } from './public/rest.js';
export * from './public/search.js';
export * from './public/socket.js';
export { conversationTier, type Tier, tier, TIER_LIMITS } from './public/tiers.js';
export * from './public/users.js';
export { deadLetterTopic, planOf, type Topic, type TopicPlan, topicPlans, TOPICS } from './topics.js';
export { ERROR_KINDS } from './wire-error.js';
