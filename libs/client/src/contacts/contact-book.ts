import type { Contact, ContactRequest, EventPayload } from '../api.js';
import type { PeopleNotes } from '../data.js';
import { type Observable, State } from '../observable.js';
import type { Clockwork, Realtime, Rest } from '../ports.js';
import type { ConnectionState, Contacts } from '../types.js';

const PAGE = 100;
/** Several changes at once are one reload. */
const GATHER_MS = 50;
const AGAIN_MS = 5000;

type Changed = EventPayload<'contact:changed'>;
interface Page<T> {
  items: T[];
  nextCursor?: string;
}

export interface ContactParts {
  rest: Rest;
  realtime: Realtime;
  clockwork: Clockwork;
  people: PeopleNotes;
  connection: Observable<ConnectionState>;
}

/** Contacts, requests and blocks. Each tab keeps its own copy from the first `open` on; lists are short, so a change loads the list it is about. */
export class ContactBook implements Contacts {
  readonly loaded = new State(false);
  readonly incoming = new State<readonly ContactRequest[]>([]);
  readonly outgoing = new State<readonly ContactRequest[]>([]);
  readonly blocked = new State<readonly string[]>([]);
  readonly #contacts = new State<readonly Contact[]>([]);
  #connected = false;
  #opening: Promise<void> | undefined;
  /** Another account makes answers that are on their way void. */
  private turn = 0;
  readonly #stale = new Set<'contacts' | 'requests' | 'blocks'>();
  #stopTimer: (() => void) | undefined;
  readonly #stops: (() => void)[];

  constructor(private readonly parts: ContactParts) {
    this.#stops = [
      parts.realtime.on('contact:changed', (changed) => this.#changed(changed)),
      parts.connection.subscribe(({ status }) => {
        const connected = status === 'syncing' || status === 'online';
        // Changes while there was no connection were not told.
        if (connected && !this.#connected) this.#reload('contacts', 'requests', 'blocks');
        this.#connected = connected;
      }),
    ];
  }

  get value(): readonly Contact[] {
    return this.#contacts.value;
  }

  subscribe(listener: (value: readonly Contact[]) => void): () => void {
    return this.#contacts.subscribe(listener);
  }

  open(): Promise<void> {
    this.#opening ??= this.#load(['contacts', 'requests', 'blocks']).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async request(userId: string, greeting?: string): Promise<void> {
    await this.parts.rest.call('POST /contacts/requests', {
      body: { userId, ...(greeting === undefined ? {} : { greeting }) },
    });
    await this.#after('contacts', 'requests');
  }

  async accept(requestId: string): Promise<void> {
    await this.parts.rest.call('POST /contacts/requests/{requestId}/accept', { params: { requestId } });
    await this.#after('contacts', 'requests');
  }

  async decline(requestId: string): Promise<void> {
    await this.parts.rest.call('POST /contacts/requests/{requestId}/decline', { params: { requestId } });
    await this.#after('requests');
  }

  async update(userId: string, body: { remark?: string; tags?: string[] }): Promise<void> {
    const contact = await this.parts.rest.call('PATCH /contacts/{userId}', { params: { userId }, body });
    this.#contacts.update((all) => all.map((one) => (one.userId === userId ? { ...one, ...contact } : one)));
  }

  async remove(userId: string): Promise<void> {
    await this.parts.rest.call('DELETE /contacts/{userId}', { params: { userId } });
    this.#contacts.update((all) => all.filter((one) => one.userId !== userId));
  }

  async block(userId: string, on: boolean): Promise<void> {
    await this.parts.rest.call(on ? 'PUT /blocks/{userId}' : 'DELETE /blocks/{userId}', { params: { userId } });
    this.#setBlocked(userId, on);
  }

  forget(): void {
    this.turn += 1;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#stale.clear();
    this.#opening = undefined;
    this.loaded.set(false);
    this.#contacts.set([]);
    this.incoming.set([]);
    this.outgoing.set([]);
    this.blocked.set([]);
  }

  close(): void {
    this.forget();
    for (const stop of this.#stops) stop();
  }

  #changed({ change, userId }: Changed): void {
    switch (change) {
      case 'request-received':
      case 'request-sent':
      case 'request-declined':
        return this.#reload('requests');
      case 'request-accepted':
      case 'added':
        return this.#reload('contacts', 'requests');
      case 'updated':
        return this.#reload('contacts');
      case 'removed':
        return this.#contacts.update((all) => all.filter((one) => one.userId !== userId));
      case 'blocked':
      case 'unblocked':
        return this.#setBlocked(userId, change === 'blocked');
    }
  }

  #setBlocked(userId: string, on: boolean): void {
    this.blocked.update((all) => {
      if (all.includes(userId) === on) return all;
      return on ? [...all, userId] : all.filter((one) => one !== userId);
    });
  }

  /** What one has done oneself is seen when it is answered, not when it is told. */
  async #after(...lists: ('contacts' | 'requests')[]): Promise<void> {
    if (this.#opening !== undefined) await this.#load(lists).catch(() => this.#reload(...lists));
  }

  #reload(...lists: ('contacts' | 'requests' | 'blocks')[]): void {
    if (this.#opening === undefined) return;
    for (const list of lists) this.#stale.add(list);
    this.#soon(GATHER_MS);
  }

  #soon(ms: number): void {
    this.#stopTimer ??= this.parts.clockwork.after(ms, () => {
      this.#stopTimer = undefined;
      const lists = [...this.#stale];
      this.#stale.clear();
      this.#load(lists).catch(() => {
        for (const list of lists) this.#stale.add(list);
        if (this.#opening !== undefined) this.#soon(AGAIN_MS);
      });
    });
  }

  async #load(lists: readonly ('contacts' | 'requests' | 'blocks')[]): Promise<void> {
    const { turn } = this;
    const { rest, people } = this.parts;
    const query = { limit: PAGE };
    const requests = (direction: 'in' | 'out') =>
      lists.includes('requests')
        ? all((cursor) => rest.call('GET /contacts/requests', { query: { ...query, ...cursor, direction } }))
        : undefined;
    const [contacts, incoming, outgoing, blocks] = await Promise.all([
      lists.includes('contacts')
        ? all((cursor) => rest.call('GET /contacts', { query: { ...query, ...cursor } }))
        : undefined,
      requests('in'),
      requests('out'),
      lists.includes('blocks')
        ? all((cursor) => rest.call('GET /blocks', { query: { ...query, ...cursor } }))
        : undefined,
    ]);
    if (turn !== this.turn) return;
    people.note([...(contacts ?? []), ...(incoming ?? []), ...(outgoing ?? [])].map(({ user }) => user));
    people.note(blocks ?? []);
    if (contacts !== undefined) this.#contacts.set(contacts);
    if (incoming !== undefined) this.incoming.set(incoming.filter(({ state }) => state === 'pending'));
    if (outgoing !== undefined) this.outgoing.set(outgoing.filter(({ state }) => state === 'pending'));
    if (blocks !== undefined) this.blocked.set(blocks.map(({ userId }) => userId));
    if (contacts !== undefined) this.loaded.set(true);
  }
}

async function all<T>(page: (cursor: { cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const one = await page(cursor === undefined ? {} : { cursor });
    items.push(...one.items);
    cursor = one.nextCursor;
  } while (cursor !== undefined);
  return items;
}
