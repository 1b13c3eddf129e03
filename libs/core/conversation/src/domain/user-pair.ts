import type { ConversationId, IdGenerator, UserId } from '@parley/kernel';
import { type Contact, type ContactChange, type ContactPatch, type ContactRequest, pending } from './contact.js';
import { alreadyContact, contactNotFound, requestNotFound, requestOver, requestPaused } from './contact.errors.js';
import type { Pair } from './conversation.js';
import { foundDirect, type NewConversation } from './creation.js';
import type { Fact } from './fact.js';

/** All that two users have with each other, read under the pair's lock. */
export interface LoadedPair {
  pair: Pair;
  contacts: readonly Contact[];
  /** The latest request of each direction. */
  requests: readonly ContactRequest[];
  /** Who of the two blocks the other. */
  blockers: readonly UserId[];
  directId?: ConversationId;
}

/** What a decision writes, in one transaction. */
export interface PairWrites {
  /** Replaces both sides when set. */
  contacts?: readonly Contact[];
  requests: readonly ContactRequest[];
  block: readonly UserId[];
  unblock: readonly UserId[];
  direct?: NewConversation;
  /** For the existing direct conversation. */
  facts: readonly Fact[];
  events: readonly ContactChange[];
}

export interface PairRules {
  requestTtlMs: number;
  /** After a decline, before the same user may ask again. */
  pauseMs: number;
}

/** Contact, requests, blocks and the direct conversation of two users: one aggregate, so that crossing decisions meet in one lock. */
export class UserPair {
  private contacts: readonly Contact[];
  private contactsChanged = false;
  private readonly requests = new Map<string, ContactRequest>();
  private readonly block = new Set<UserId>();
  private readonly unblock = new Set<UserId>();
  private readonly facts: Fact[] = [];
  private readonly events: ContactChange[] = [];
  private direct: NewConversation | undefined;

  constructor(
    private readonly loaded: LoadedPair,
    private readonly now: number,
    private readonly ids: IdGenerator,
    private readonly rules: PairRules,
  ) {
    this.contacts = loaded.contacts;
  }

  get directId(): ConversationId | undefined {
    return this.loaded.directId;
  }

  /** Asks for contact, accepts what the other asked, or answers the request that waits already. */
  ask(from: UserId, greeting: string): ContactRequest {
    const to = this.other(from);
    if (this.contacts.length > 0) throw alreadyContact();
    const crossing = pending(this.latest(to), this.now);
    if (crossing !== undefined) return this.accept(crossing);
    const before = this.latest(from);
    const waiting = pending(before, this.now);
    if (waiting !== undefined) return waiting;
    if (before?.state === 'declined' && this.now < before.answeredAt + this.rules.pauseMs)
      throw requestPaused({ retryAfterMs: before.answeredAt + this.rules.pauseMs - this.now });
    const request: ContactRequest = {
      id: this.ids.next(),
      from,
      to,
      greeting,
      state: 'pending',
      createdAt: this.now,
      expiresAt: this.now + this.rules.requestTtlMs,
      answeredAt: 0,
    };
    this.requests.set(request.id, request);
    // Who blocks the asker does not hear of it; the asker sees a request that waits.
    this.events.push({ userId: from, peerId: to, change: 'request-sent', request });
    if (!this.blocks(to)) this.events.push({ userId: to, peerId: from, change: 'request-received', request });
    return request;
  }

  answer(requestId: string, by: UserId, accept: boolean): ContactRequest {
    const request = pending(
      this.loaded.requests.find(({ id }) => id === requestId),
      this.now,
    );
    if (request === undefined) throw requestOver();
    if (request.to !== by) throw requestNotFound();
    if (accept) return this.accept(request);
    const declined: ContactRequest = { ...request, state: 'declined', answeredAt: this.now };
    this.requests.set(declined.id, declined);
    for (const userId of [request.from, request.to])
      this.events.push({ userId, peerId: this.other(userId), change: 'request-declined', request: declined });
    return declined;
  }

  updateContact(by: UserId, patch: ContactPatch): Contact {
    const mine = this.contacts.find(({ userId }) => userId === by);
    if (mine === undefined) throw contactNotFound();
    const contact: Contact = {
      ...mine,
      ...(patch.remark === undefined ? {} : { remark: patch.remark }),
      ...(patch.tags === undefined ? {} : { tags: [...new Set(patch.tags)] }),
    };
    this.setContacts(this.contacts.map((each) => (each === mine ? contact : each)));
    this.events.push({ userId: by, peerId: contact.peerId, change: 'updated', contact });
    return contact;
  }

  removeContact(by: UserId): void {
    if (this.contacts.length === 0) throw contactNotFound();
    this.setContacts([]);
    for (const userId of [by, this.other(by)])
      this.events.push({ userId, peerId: this.other(userId), change: 'removed' });
  }

  /** A contact stays one: taking it away would tell the other. A repeat changes nothing. */
  setBlock(by: UserId, blocked: boolean): void {
    if (this.blocks(by) === blocked) return;
    (blocked ? this.block : this.unblock).add(by);
    this.events.push({ userId: by, peerId: this.other(by), change: blocked ? 'blocked' : 'unblocked' });
    if (this.loaded.directId !== undefined) this.facts.push(this.restriction(this.loaded.directId, by, blocked));
  }

  /** The direct conversation, made when there is none; blocks of before hold in it from its first moment. */
  openDirect(by: UserId): { conversationId: ConversationId; created: boolean } {
    if (this.loaded.directId !== undefined) return { conversationId: this.loaded.directId, created: false };
    const made = foundDirect(this.loaded.pair, by, { now: this.now, ids: this.ids });
    const restrictions = this.loaded.blockers.map((blocker) => this.restriction(made.conversation.id, blocker, true));
    this.direct = { ...made, facts: [...made.facts, ...restrictions] };
    return { conversationId: made.conversation.id, created: true };
  }

  get changes(): PairWrites {
    return {
      ...(this.contactsChanged ? { contacts: this.contacts } : {}),
      requests: [...this.requests.values()],
      block: [...this.block],
      unblock: [...this.unblock],
      ...(this.direct === undefined ? {} : { direct: this.direct }),
      facts: this.facts,
      events: this.events,
    };
  }

  private accept(request: ContactRequest): ContactRequest {
    const accepted: ContactRequest = { ...request, state: 'accepted', answeredAt: this.now };
    const side = (userId: UserId): Contact => ({
      userId,
      peerId: this.other(userId),
      remark: '',
      tags: [],
      addedAt: this.now,
    });
    const [asked, answered] = [side(request.from), side(request.to)];
    this.requests.set(accepted.id, accepted);
    if (this.contacts.length === 0) this.setContacts([asked, answered]);
    this.events.push(
      { userId: asked.userId, peerId: asked.peerId, change: 'request-accepted', request: accepted, contact: asked },
      { userId: answered.userId, peerId: answered.peerId, change: 'added', request: accepted, contact: answered },
    );
    return accepted;
  }

  private restriction(conversationId: ConversationId, blocker: UserId, blocked: boolean): Fact {
    const body = { type: 'restricted', userId: this.other(blocker), blocked } as const;
    return { changeId: this.ids.next(), conversationId, actorId: blocker, body };
  }

  private setContacts(contacts: readonly Contact[]): void {
    this.contacts = contacts;
    this.contactsChanged = true;
  }

  private latest(from: UserId): ContactRequest | undefined {
    return this.loaded.requests.find((request) => request.from === from);
  }

  private blocks(userId: UserId): boolean {
    return this.loaded.blockers.includes(userId);
  }

  private other(userId: UserId): UserId {
    return this.loaded.pair.low === userId ? this.loaded.pair.high : this.loaded.pair.low;
  }
}
