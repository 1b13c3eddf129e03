import type { Person, User } from '../api.js';
import { type Observable, State } from '../observable.js';
import type { Clockwork, Realtime, Rest, Storage } from '../ports.js';
import type { PeopleNotes } from '../data.js';

/** In memory; those that somebody watches are kept beyond it. */
const KEPT = 2000;
/** In one request. */
const AT_ONCE = 100;
const GATHER_MS = 10;
/** After a failure, and before somebody who was not found is asked for again. */
const AGAIN_MS = 5000;
/** What is stored is shown at once, and looked up again when it is older. */
const FRESH_MS = 10 * 60_000;
const TABLE = 'people' as const;

interface Entry {
  state: State<Person | undefined>;
  watchers: number;
  /** When the server said so; 0: from the storage or not at all. */
  at: number;
}

interface Stored {
  person: Person;
  at: number;
}

type Sighting = { userId: string; displayName?: string; avatarFileId?: string; kind?: 'user' | 'guest' };

export interface PeopleParts {
  rest: Rest;
  realtime: Realtime;
  storage: Storage;
  clockwork: Clockwork;
}

/** Names and avatars. Whoever is asked for in the same moment is looked up in one request. */
export class KnownPeople implements PeopleNotes {
  /** Least recently asked for first. */
  readonly #entries = new Map<string, Entry>();
  readonly #wanted = new Set<string>();
  readonly #unsaved = new Map<string, Stored>();
  #stopTimer: (() => void) | undefined;
  readonly #stopListening: () => void;

  constructor(private readonly parts: PeopleParts) {
    const { realtime } = parts;
    this.#stopListening = realtime.on('user:changed', ({ user }) => this.note([user]));
  }

  get(userId: string): Observable<Person | undefined> {
    const entry = this.#entry(userId);
    if (userId !== '' && this.parts.clockwork.now() - entry.at > FRESH_MS) this.#want(userId);
    return {
      get value() {
        return entry.state.value;
      },
      subscribe: (listener) => {
        entry.watchers += 1;
        // May have been let go since `get`.
        this.#entries.set(userId, entry);
        const stop = entry.state.subscribe(listener);
        let stopped = false;
        return () => {
          if (stopped) return;
          stopped = true;
          entry.watchers -= 1;
          stop();
        };
      },
    };
  }

  async search(q: string, cursor?: string): Promise<{ items: readonly User[]; nextCursor?: string }> {
    const page = await this.parts.rest.call('GET /users', {
      query: { q, ...(cursor === undefined ? {} : { cursor }) },
    });
    this.note(page.items);
    return page;
  }

  note(people: readonly (Sighting | undefined)[]): void {
    const at = this.parts.clockwork.now();
    for (const one of people) {
      if (one === undefined) continue;
      const { userId, displayName, avatarFileId, kind } = one;
      const person: Person = {
        userId,
        ...(displayName === undefined ? {} : { displayName }),
        ...(avatarFileId === undefined ? {} : { avatarFileId }),
        ...(kind === undefined ? {} : { kind }),
      };
      const entry = this.#entry(userId);
      entry.at = at;
      this.#wanted.delete(userId);
      if (same(entry.state.value, person)) continue;
      entry.state.set(person);
      this.#unsaved.set(userId, { person, at });
      this.#soon();
    }
  }

  /** Another account: what one may see of people may differ. */
  forget(): void {
    this.#stop();
    this.#wanted.clear();
    this.#unsaved.clear();
    for (const [userId, entry] of this.#entries) {
      entry.at = 0;
      entry.state.set(undefined);
      if (entry.watchers === 0) this.#entries.delete(userId);
    }
  }

  /** Somebody is signed in: whoever is on the screen is asked for. */
  start(): void {
    for (const [userId, entry] of this.#entries) if (entry.at === 0) this.#want(userId);
  }

  close(): void {
    this.#stop();
    this.#stopListening();
  }

  #entry(userId: string): Entry {
    const known = this.#entries.get(userId);
    const entry = known ?? { state: new State<Person | undefined>(undefined), watchers: 0, at: 0 };
    this.#entries.delete(userId);
    this.#entries.set(userId, entry);
    if (known === undefined && this.#entries.size > KEPT) this.#letGo();
    return entry;
  }

  #letGo(): void {
    for (const [userId, entry] of this.#entries) {
      if (this.#entries.size <= KEPT) return;
      if (entry.watchers === 0 && !this.#wanted.has(userId)) this.#entries.delete(userId);
    }
  }

  #want(userId: string): void {
    if (this.#wanted.has(userId)) return;
    this.#wanted.add(userId);
    this.#soon();
  }

  #soon(ms = GATHER_MS): void {
    this.#stopTimer ??= this.parts.clockwork.after(ms, () => {
      this.#stopTimer = undefined;
      this.#work().catch(() => {
        if (this.#wanted.size > 0) this.#soon(AGAIN_MS);
      });
    });
  }

  #stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  async #work(): Promise<void> {
    await this.#readStored([...this.#wanted].filter((userId) => this.#entries.get(userId)?.state.value === undefined));
    for (let ids = [...this.#wanted]; ids.length > 0; ids = ids.slice(AT_ONCE))
      await this.#lookUp(ids.slice(0, AT_ONCE));
    await this.#save();
  }

  async #lookUp(userIds: string[]): Promise<void> {
    const { items } = await this.parts.rest.call('GET /users', { query: { ids: userIds } });
    this.note(items);
    // Whoever is left is nobody, or not for us to see.
    for (const userId of userIds) {
      if (!this.#wanted.delete(userId)) continue;
      const entry = this.#entries.get(userId);
      if (entry !== undefined) entry.at = this.parts.clockwork.now() - FRESH_MS + AGAIN_MS;
    }
  }

  async #readStored(userIds: readonly string[]): Promise<void> {
    if (userIds.length === 0) return;
    const rows = await this.parts.storage
      .read([TABLE], (tx) => Promise.all(userIds.map((userId) => tx.get<Stored>(TABLE, userId))))
      .catch(() => []);
    const now = this.parts.clockwork.now();
    for (const row of rows) {
      const entry = row && this.#entries.get(row.person.userId);
      if (entry === undefined || entry.state.value !== undefined) continue;
      entry.state.set(row?.person);
      if (row !== undefined && now - row.at < FRESH_MS) {
        entry.at = row.at;
        this.#wanted.delete(row.person.userId);
      }
    }
  }

  async #save(): Promise<void> {
    if (this.#unsaved.size === 0) return;
    const rows = [...this.#unsaved];
    this.#unsaved.clear();
    // A cache: what cannot be kept is asked for again.
    await this.parts.storage
      .write([TABLE], async (tx) => {
        for (const [userId, row] of rows) await tx.put(TABLE, userId, row);
      })
      .catch(() => undefined);
  }
}

const same = (one: Person | undefined, other: Person): boolean =>
  one?.displayName === other.displayName && one?.avatarFileId === other.avatarFileId && one?.kind === other.kind;
