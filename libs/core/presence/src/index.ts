export { AnnounceProfiles, type ProfileChange } from './application/announce-profiles.js';
export { LastSeenJournal } from './application/last-seen-journal.js';
export { GetPresence } from './application/get-presence.js';
export { PresenceTracker } from './application/presence-tracker.js';
export { Sessions } from './application/sessions.js';
export { SetTyping } from './application/set-typing.js';
export { WatchUsers } from './application/watch-users.js';
export type { LiveSession, PresenceState } from './domain/presence-state.js';
export { type LastSeen, LastSeenStore } from './ports/last-seen-store.js';
export { type MemberCheck, Membership, type SessionPush, SessionPusher, VisibleUsers } from './ports/neighbours.js';
export {
  type Departed,
  type Ended,
  GRACE_MS,
  LEASE_MS,
  type Located,
  type NodeTargets,
  type Opened,
  SessionDirectory,
  SETTLED_MS,
  type Whereabouts,
} from './ports/session-directory.js';
export { type WatchingPage, WatchRegistry } from './ports/watch-registry.js';
