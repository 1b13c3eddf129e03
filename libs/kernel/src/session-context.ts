import type { DeviceId, SessionId, UserId } from './ids.js';

/** Who acts: taken from a verified access token, never from a request's body. */
export interface Principal {
  userId: UserId;
  deviceId: DeviceId;
  sessionId: SessionId;
  /** Casbin roles, e.g. `user`, `guest`, `admin`. */
  roles: readonly string[];
}
