export { type Audience, type ClosingAction, type LiveSocket, SessionRegistry } from './domain/session-registry.js';
