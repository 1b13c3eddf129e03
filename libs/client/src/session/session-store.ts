import type { User } from '../api.js';
import type { Clockwork, Storage, StorageTable, StorageTransaction } from '../ports.js';

/** The session of this storage, for all tabs. */
export interface SessionRow {
  user: User;
  sessionId: string;
  deviceId: string;
  accessToken: string;
  /** On this device's clock, ms since the epoch. */
  goodUntil: number;
  lifetimeMs: number;
  refreshToken: string;
}

/** A session that has ended here, and of which the server does not know that yet. */
export interface Tombstone {
  sessionId: string;
  accessToken: string;
  goodUntil: number;
  refreshToken: string;
  everywhere: boolean;
}

const TABLE = 'session' as const;
const CACHE: readonly StorageTable[] = ['conversations', 'timeline', 'outbox', 'people', 'meta'];
const CURRENT = 'current';
/** Whose cache it is; outlives a session that expired, so that the same user finds what waits in the outbox. */
const OWNER = 'owner';
const DEVICE = 'device';
const LEASE = 'lease';
const TOMB = 'tomb';

/** What of the session is in the storage. Every change is one transaction, and asks first whether it is still about the present session. */
export class SessionStore {
  constructor(
    private readonly storage: Storage,
    private readonly clockwork: Clockwork,
  ) {}

  current(): Promise<SessionRow | undefined> {
    return this.storage.read([TABLE], (tx) => tx.get<SessionRow>(TABLE, CURRENT));
  }

  /** The same for the life of this storage: it is part of what makes a repeated send safe. */
  deviceId(): Promise<string> {
    return this.storage.write([TABLE], async (tx) => {
      const known = await tx.get<string>(TABLE, DEVICE);
      if (known !== undefined) return known;
      const made = this.clockwork.uuid();
      await tx.put(TABLE, DEVICE, made);
      return made;
    });
  }

  /** A new session takes the place of the one before, which is to be ended; another user's cache goes. */
  open(row: SessionRow): Promise<void> {
    return this.storage.write([TABLE, ...CACHE], async (tx) => {
      const before = await tx.get<SessionRow>(TABLE, CURRENT);
      if (before !== undefined && before.sessionId !== row.sessionId) await bury(tx, before, false);
      const owner = await tx.get<string>(TABLE, OWNER);
      if (owner !== row.user.userId) await wipe(tx);
      await tx.put(TABLE, OWNER, row.user.userId);
      await tx.put(TABLE, CURRENT, row);
    });
  }

  /** False, and nothing done, where the session is another by now. */
  replace(row: SessionRow): Promise<boolean> {
    return this.storage.write([TABLE], async (tx) => {
      const before = await tx.get<SessionRow>(TABLE, CURRENT);
      if (before?.sessionId !== row.sessionId) return false;
      await tx.put(TABLE, CURRENT, row);
      return true;
    });
  }

  /**
   * Only the user is new: tokens may be refreshed at the same moment, by any tab. A guest is a user when the tokens say so, not before.
   * Undefined where somebody else is signed in.
   */
  setUser(user: User): Promise<SessionRow | undefined> {
    return this.storage.write([TABLE], async (tx) => {
      const before = await tx.get<SessionRow>(TABLE, CURRENT);
      if (before?.user.userId !== user.userId) return undefined;
      const row = { ...before, user: { ...before.user, ...user, kind: before.user.kind } };
      await tx.put(TABLE, CURRENT, row);
      return row;
    });
  }

  /** Ends this session here. False where it is over already. */
  end(sessionId: string, options: { keepCache: boolean; tell?: { everywhere: boolean } }): Promise<boolean> {
    return this.storage.write([TABLE, ...CACHE], async (tx) => {
      const before = await tx.get<SessionRow>(TABLE, CURRENT);
      if (before?.sessionId !== sessionId) return false;
      await tx.delete(TABLE, CURRENT);
      if (options.tell !== undefined) await bury(tx, before, options.tell.everywhere);
      if (!options.keepCache) {
        await wipe(tx);
        await tx.delete(TABLE, OWNER);
      }
      return true;
    });
  }

  async tombstones(): Promise<Tombstone[]> {
    const rows = await this.storage.read([TABLE], (tx) =>
      tx.list<Tombstone>(TABLE, { from: [TOMB, ''], to: [TOMB, '\uffff'] }),
    );
    return rows.map(({ value }) => value);
  }

  forget({ sessionId }: Tombstone): Promise<void> {
    return this.storage.write([TABLE], (tx) => tx.delete(TABLE, [TOMB, sessionId]));
  }

  /** Where there are no Web Locks: true for one holder at a time, until it gives the lease back or `forMs` are over. */
  lease(holder: string, forMs: number): Promise<boolean> {
    return this.storage.write([TABLE], async (tx) => {
      const lease = await tx.get<{ holder: string; until: number }>(TABLE, LEASE);
      const now = this.clockwork.now();
      if (lease !== undefined && lease.holder !== holder && lease.until > now && lease.until < now + 2 * forMs)
        return false;
      await tx.put(TABLE, LEASE, { holder, until: now + forMs });
      return true;
    });
  }

  giveBack(holder: string): Promise<void> {
    return this.storage.write([TABLE], async (tx) => {
      const lease = await tx.get<{ holder: string }>(TABLE, LEASE);
      if (lease?.holder === holder) await tx.delete(TABLE, LEASE);
    });
  }
}

async function bury(tx: StorageTransaction, row: SessionRow, everywhere: boolean): Promise<void> {
  const { sessionId, accessToken, goodUntil, refreshToken } = row;
  await tx.put(TABLE, [TOMB, sessionId], { sessionId, accessToken, goodUntil, refreshToken, everywhere });
}

async function wipe(tx: StorageTransaction): Promise<void> {
  for (const table of CACHE) await tx.deleteRange(table);
}

/** The storage as one account may use it: refused as soon as somebody else, or nobody, is signed in on any tab. */
export function accountStorage(storage: Storage, userId: () => string | undefined, refused: () => Error): Storage {
  const guarded =
    <T>(work: (tx: StorageTransaction) => Promise<T>) =>
    async (tx: StorageTransaction): Promise<T> => {
      const row = await tx.get<SessionRow>(TABLE, CURRENT);
      const owner = userId();
      if (row === undefined || owner === undefined || row.user.userId !== owner) throw refused();
      return work(tx);
    };
  const withSession = (tables: readonly StorageTable[]) => [...new Set([...tables, TABLE])];
  return {
    read: (tables, work) => storage.read(withSession(tables), guarded(work)),
    write: (tables, work) => storage.write(withSession(tables), guarded(work)),
    close: () => storage.close(),
  };
}
