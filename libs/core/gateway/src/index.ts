export { type Audience, type ClosingAction, type LiveSocket, SessionRegistry } from './domain/session-registry.js';
export { AccessTokenVerifier, type VerifiedToken } from './ports/access-token-verifier.js';
