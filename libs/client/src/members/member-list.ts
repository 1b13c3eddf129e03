import type { EventPayload, Member } from '../api.js';
import { batched } from '../batch.js';
import type { PeopleNotes } from '../data.js';
import type { ParleyError } from '../errors.js';
import { State } from '../observable.js';
import type { Clockwork, Realtime, Rest } from '../ports.js';
import type { MemberList, MemberListState } from '../types.js';

const PAGE = 100;
/** Many joins in a row are one question. */
const RELOAD_AFTER_MS = 500;
const EMPTY: MemberListState = { items: [], hasMore: false, loading: false };

type Change = Parameters<MemberList['change']>[1];

export interface MemberParts {
  rest: Rest;
  realtime: Realtime;
  people: PeopleNotes;
  clockwork: Clockwork;
}

/** Members in the server's order, as far as they were asked for. Who leaves goes at once; who joins or changes is asked for. */
export class ConversationMembers implements MemberList {
  readonly #state = new State<MemberListState>(EMPTY);
  private items: readonly Member[] = [];
  private cursor: string | undefined = undefined;
  #wanted = false;
  #loaded = false;
  private error: ParleyError | undefined = undefined;
  #loading: Promise<void> | undefined;
  #stopTimer = () => {};
  private life = 0;
  readonly #publish = batched(() => this.#publishNow());

  constructor(
    private readonly conversationId: string,
    private readonly parts: MemberParts,
  ) {
    parts.realtime.on('conversation:events', (push) => this.#pushed(push));
  }

  get value(): MemberListState {
    return this.#state.value;
  }

  subscribe(listener: (state: MemberListState) => void): () => void {
    if (!this.#wanted) void this.open();
    return this.#state.subscribe(listener);
  }

  open(): Promise<void> {
    this.#wanted = true;
    return this.#loaded ? Promise.resolve() : this.#load(() => this.#pages(1));
  }

  loadMore(): Promise<void> {
    if (this.#loaded && this.cursor === undefined) return Promise.resolve();
    return this.#load(() => (this.#loaded ? this.#more() : this.#pages(1)));
  }

  release(): void {
    this.reset();
    this.#wanted = false;
  }

  /** Nobody is signed in any more, or nobody looks. */
  reset(): void {
    this.life++;
    this.#stopTimer();
    this.items = [];
    this.cursor = undefined;
    this.#loaded = false;
    this.#loading = undefined;
    this.error = undefined;
    this.#state.set(EMPTY);
  }

  /** Somebody is signed in, or the connection is back: what was missed is asked for. */
  refresh(): void {
    if (this.#wanted) this.#reloadSoon(0);
  }

  async find(prefix: string): Promise<readonly Member[]> {
    const answer = await this.parts.rest.call('GET /conversations/{conversationId}/members', {
      params: { conversationId: this.conversationId },
      query: { q: prefix, limit: 20 },
    });
    this.#note(answer.items);
    return answer.items;
  }

  async add(userIds: readonly string[]): Promise<{ refusedUserIds: readonly string[] }> {
    const answer = await this.parts.rest.call('POST /conversations/{conversationId}/members', {
      params: { conversationId: this.conversationId },
      body: { userIds: [...userIds] },
    });
    this.#note(answer.items);
    if (this.#wanted) await this.#reload();
    return { refusedUserIds: answer.refusedUserIds };
  }

  async change(userId: string, change: Change): Promise<void> {
    const member = await this.parts.rest.call('PATCH /conversations/{conversationId}/members/{userId}', {
      params: { conversationId: this.conversationId, userId },
      body: change,
    });
    this.items = this.items.map((one) => (one.userId === userId ? { ...one, ...member } : one));
    this.#publish();
    // A role moves somebody to another place, and a hand-over changes two.
    if (change.role !== undefined && this.#wanted) await this.#reload();
  }

  async remove(userId: string): Promise<void> {
    await this.parts.rest.call('DELETE /conversations/{conversationId}/members/{userId}', {
      params: { conversationId: this.conversationId, userId },
    });
    this.#drop(userId);
  }

  #pushed({ conversationId, events }: EventPayload<'conversation:events'>): void {
    if (!this.#wanted || conversationId !== this.conversationId) return;
    for (const { type, data } of events)
      if (type === 'member.left' || type === 'member.removed') this.#drop(data['userId'] as string);
      else if (type === 'member.joined' || type === 'member.changed') this.#reloadSoon(RELOAD_AFTER_MS);
  }

  #reloadSoon(ms: number): void {
    this.#stopTimer();
    this.#stopTimer = this.parts.clockwork.after(ms, () => void this.#reload());
  }

  /** As many as are there now. */
  #reload(): Promise<void> {
    return this.#load(() => this.#pages(Math.max(1, Math.ceil(this.items.length / PAGE))));
  }

  #load(work: () => Promise<void>): Promise<void> {
    const { life } = this;
    const turn = (this.#loading ?? Promise.resolve()).then(async () => {
      if (life !== this.life) return;
      try {
        await work();
        this.error = undefined;
      } catch (error) {
        if (life === this.life) this.error = error as ParleyError;
      }
    });
    this.#loading = turn;
    this.#publish();
    return turn.finally(() => {
      if (this.#loading === turn) this.#loading = undefined;
      if (life === this.life) this.#publishNow();
    });
  }

  async #pages(count: number): Promise<void> {
    const { life } = this;
    const items: Member[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < count; page++) {
      const answer = await this.#page(cursor);
      items.push(...answer.items);
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
    if (life !== this.life) return;
    [this.items, this.cursor, this.#loaded] = [items, cursor, true];
  }

  async #more(): Promise<void> {
    const { life } = this;
    const answer = await this.#page(this.cursor);
    if (life !== this.life) return;
    const known = new Set(this.items.map((one) => one.userId));
    this.items = [...this.items, ...answer.items.filter((one) => !known.has(one.userId))];
    this.cursor = answer.nextCursor;
  }

  async #page(cursor: string | undefined) {
    const answer = await this.parts.rest.call('GET /conversations/{conversationId}/members', {
      params: { conversationId: this.conversationId },
      query: { limit: PAGE, cursor },
    });
    this.#note(answer.items);
    return answer;
  }

  #note(members: readonly Member[]): void {
    this.parts.people.note(members.map((member) => member.user));
  }

  #drop(userId: string): void {
    this.items = this.items.filter((one) => one.userId !== userId);
    this.#publish();
  }

  #publishNow(): void {
    const { items, cursor, error } = this;
    this.#state.set({
      items,
      hasMore: cursor !== undefined,
      loading: this.#loading !== undefined,
      ...(error && { error }),
    });
  }
}
