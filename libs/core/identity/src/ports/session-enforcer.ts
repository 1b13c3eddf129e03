export interface Closing {
  sessionIds: readonly string[];
  /** All sessions of these users. */
  userIds: readonly string[];
  /** Published error code that says why. */
  code: string;
  action: 'login' | 'stop';
}

/**
 * Those who enforce: the gateway nodes. Called after the commit and before the answer, so that an acked logout or ban is in force (G12).
 * Throws `server.unavailable` when one of them cannot be told; a repeat of the whole request is safe.
 */
export abstract class SessionEnforcer {
  /** Resolves when no node lets these sessions through or sends them anything. */
  abstract close(closing: Closing): Promise<void>;
  /** Resolves when every node enforces this version or a later one. */
  abstract reload(version: number): Promise<void>;
}
