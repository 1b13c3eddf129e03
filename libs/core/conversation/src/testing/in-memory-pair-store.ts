import type { ConversationId, Page, PageRequest, UserId } from '@parley/kernel';
import type { Contact, ContactRequest } from '../domain/contact.js';
import type { Pair } from '../domain/conversation.js';
import type { LoadedPair, PairWrites } from '../domain/user-pair.js';
import type { Decision } from '../ports/conversation-store.js';
import { PairStore } from '../ports/pair-store.js';
import { type InMemoryState, pageOf } from './in-memory-state.js';

const byText = (a: string, b: string) => (a < b ? -1 : 1);

export class InMemoryPairStore extends PairStore {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async change<T>(pair: Pair, decide: (loaded: LoadedPair) => Decision<T, PairWrites>): Promise<T> {
    await Promise.resolve();
    const { state } = this;
    const { result, changes } = decide(this.load(pair));
    if (changes.contacts !== undefined) {
      for (const key of [`${pair.low} ${pair.high}`, `${pair.high} ${pair.low}`]) state.contacts.delete(key);
      for (const contact of changes.contacts) state.contacts.set(`${contact.userId} ${contact.peerId}`, contact);
    }
    for (const request of changes.requests) state.requests.set(request.id, request);
    for (const userId of changes.block) state.blocks.add(`${userId} ${this.other(pair, userId)}`);
    for (const userId of changes.unblock) state.blocks.delete(`${userId} ${this.other(pair, userId)}`);
    if (changes.direct !== undefined) state.insert(changes.direct);
    state.enqueue(changes.facts);
    state.published.push(...changes.events);
    return result;
  }

  async findDirect(pair: Pair): Promise<ConversationId | undefined> {
    await Promise.resolve();
    return this.direct(pair);
  }

  async contacts(userId: UserId, page: PageRequest): Promise<Page<Contact>> {
    await Promise.resolve();
    const mine = [...this.state.contacts.values()].filter((contact) => contact.userId === userId);
    return pageOf(
      mine.sort((a, b) => byText(a.peerId, b.peerId)),
      page,
      (contact) => contact.peerId,
    );
  }

  async requests(userId: UserId, direction: 'in' | 'out', page: PageRequest): Promise<Page<ContactRequest>> {
    await Promise.resolve();
    const mine = [...this.state.requests.values()].filter((request) =>
      direction === 'out'
        ? request.from === userId
        : request.to === userId && !this.state.blocks.has(`${userId} ${request.from}`),
    );
    return pageOf(
      mine.sort((a, b) => byText(b.id, a.id)),
      page,
      (request) => request.id,
    );
  }

  async findRequest(id: string): Promise<ContactRequest | undefined> {
    await Promise.resolve();
    return this.state.requests.get(id);
  }

  async blocked(userId: UserId, page: PageRequest): Promise<Page<UserId>> {
    await Promise.resolve();
    const mine = [...this.state.blocks].flatMap((key) => {
      const [blocker, blocked] = key.split(' ');
      return blocker === userId ? [blocked as UserId] : [];
    });
    return pageOf(mine.sort(byText), page, (id) => id);
  }

  async blockersAmong(userIds: readonly UserId[], userId: UserId): Promise<Set<UserId>> {
    await Promise.resolve();
    return new Set(userIds.filter((each) => this.state.blocks.has(`${each} ${userId}`)));
  }

  async acquaintancesAmong(userIds: readonly UserId[], userId: UserId): Promise<Set<UserId>> {
    await Promise.resolve();
    const { state } = this;
    const groups = [...state.conversations.values()].filter(
      ({ id, kind, disbanded }) =>
        (kind === 'direct' || kind === 'group') && !disbanded && state.members.get(id)?.has(userId),
    );
    const known = (other: UserId) =>
      !state.blocks.has(`${other} ${userId}`) &&
      !state.blocks.has(`${userId} ${other}`) &&
      (state.contacts.has(`${userId} ${other}`) || groups.some(({ id }) => state.members.get(id)?.has(other)));
    return new Set(userIds.filter(known));
  }

  private load(pair: Pair): LoadedPair {
    const { state } = this;
    const ways: [UserId, UserId][] = [
      [pair.low, pair.high],
      [pair.high, pair.low],
    ];
    const directId = this.direct(pair);
    const latest = ([from, to]: [UserId, UserId]) =>
      [...state.requests.values()]
        .filter((request) => request.from === from && request.to === to)
        .sort((a, b) => byText(b.id, a.id))
        .slice(0, 1);
    return {
      pair,
      contacts: ways.flatMap(([userId, peerId]) => state.contacts.get(`${userId} ${peerId}`) ?? []),
      requests: ways.flatMap(latest),
      blockers: ways.flatMap(([userId, other]) => (state.blocks.has(`${userId} ${other}`) ? [userId] : [])),
      ...(directId === undefined ? {} : { directId }),
    };
  }

  private direct(pair: Pair): ConversationId | undefined {
    for (const { id, pair: its } of this.state.conversations.values())
      if (its?.low === pair.low && its.high === pair.high) return id;
    return undefined;
  }

  private other(pair: Pair, userId: UserId): UserId {
    return pair.low === userId ? pair.high : pair.low;
  }
}
