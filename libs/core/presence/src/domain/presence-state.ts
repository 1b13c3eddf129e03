export interface PresenceState {
  userId: string;
  online: boolean;
  /** Milliseconds since the epoch; 0 when never seen. */
  lastSeenAt: number;
}

export interface LiveSession {
  sessionId: string;
  userId: string;
}

/** The payload of `presence:changed`. */
export function changedPayload({ userId, online, lastSeenAt }: PresenceState): string {
  return JSON.stringify({
    userId,
    online,
    ...(lastSeenAt === 0 ? {} : { lastSeenAt: new Date(lastSeenAt).toISOString() }),
  });
}
