export interface LastSeen {
  userId: string;
  /** Milliseconds since the epoch. */
  at: number;
}

export abstract class LastSeenStore {
  /** Only moves forward. At most 500 entries, one per user. */
  abstract save(entries: readonly LastSeen[]): Promise<void>;
  /** Users never seen are left out. */
  abstract load(userIds: readonly string[]): Promise<Map<string, number>>;
}
