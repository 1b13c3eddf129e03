/**
 * The contracts between services: one namespace per proto file, and the small client port that calls them. Which transport
 * stands behind it (in process or gRPC) is the composition root's business.
 */
export * as callStreamV1 from './gen/parley/common/v1/call_stream.js';
export * as commonV1 from './gen/parley/common/v1/common.js';
export * as contactV1 from './gen/parley/conversation/v1/contact.js';
export * as conversationV1 from './gen/parley/conversation/v1/conversation.js';
export * as conversationEventsV1 from './gen/parley/conversation/v1/events.js';
export * as deadLetterV1 from './gen/parley/common/v1/dead_letter.js';
export * as deliveryV1 from './gen/parley/delivery/v1/delivery.js';
export * as fileEventsV1 from './gen/parley/file/v1/events.js';
export * as fileV1 from './gen/parley/file/v1/file.js';
export * as gatewayV1 from './gen/parley/gateway/v1/gateway.js';
export * as identityEventsV1 from './gen/parley/identity/v1/events.js';
export * as identityV1 from './gen/parley/identity/v1/identity.js';
export * as policyV1 from './gen/parley/identity/v1/policy.js';
export * as callV1 from './gen/parley/media_signal/v1/call.js';
export * as messageEventsV1 from './gen/parley/message/v1/events.js';
export * as messageV1 from './gen/parley/message/v1/message.js';
export * as searchV1 from './gen/parley/message/v1/search.js';
export * as presenceV1 from './gen/parley/presence/v1/presence.js';
export {
  handlingCall,
  type IncomingCall,
  outgoingCall,
  traceparentInProgress,
} from './call-context.js';
export { isRepeatable, REPEATABLE_WRITES } from './repeatable.js';
export {
  type CallOptions,
  DEFAULT_TIMEOUT_MS,
  RpcClients,
  SERVICE_TOKEN_KEY,
  type ServiceClient,
  type ServiceDefinition,
} from './rpc-clients.js';
export {
  domainErrorFromWire,
  failureToError,
  toFailure,
  toWireError,
  wasRefused,
  type WireError,
} from './wire-error.js';
