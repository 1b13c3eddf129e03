import { type ConversationRow, type EventRow, type MemberRow, UNCHANGED } from './log-rows.js';
import { MarksInSet } from './marks-in-set.js';

/** A send that was committed before, found by its key. */
export interface KnownSend {
  conversationNo: number;
  seq: number;
  at: number;
  /** Hash of conversation, type, content, reply and mentions. */
  fingerprint: number;
}

export interface Mention {
  conversationNo: number;
  /** `EVERYBODY` for all members. */
  userId: string;
  seq: number;
  senderId: string;
}

/** Stands for all members; no user has this id. */
export const EVERYBODY = '*';

/** A message that a user deleted for themselves. */
export interface Hidden {
  conversationNo: number;
  userId: string;
  seq: number;
  /** The conversation's head then, and the time: by these a device that was away is told. */
  atSeq: number;
  at: number;
}

/**
 * What one transaction has read and will write. The store fills it with the rows that the changes of a batch need (locked where
 * the store has locks), the changes are applied one after the other, then the store writes what is new or dirty in multi-row
 * statements. All rules live in the changes; none in the stores.
 */
export class WorkingSet {
  readonly conversations = new Map<string, ConversationRow>();
  /** Rows that only count what `newEvents` hold: a store may write them later, as long as it can count again after a crash. */
  readonly countedConversations = new Set<ConversationRow>();
  readonly countedMembers = new Set<MemberRow>();
  /** Rows with decisions in them: written in this transaction. */
  readonly decidedConversations = new Set<ConversationRow>();
  readonly decidedMembers = new Set<MemberRow>();
  readonly newEvents: EventRow[] = [];
  readonly changedMessages = new Set<EventRow>();
  readonly newSends = new Map<string, KnownSend>();
  readonly newFacts = new Map<string, { conversationNo: number; seq: number }>();
  readonly newMentions: Mention[] = [];
  readonly goneMentions: Mention[] = [];
  readonly newHidden: Hidden[] = [];
  /** Reactions and pins. */
  readonly marks = new MarksInSet();
  private readonly members = new Map<string, MemberRow>();
  private readonly events = new Map<string, EventRow>();
  private readonly sends = new Map<string, KnownSend>();
  private readonly facts = new Map<string, number>();
  private readonly ownSends = new Map<string, number>();
  private readonly hidden = new Set<string>();
  /** Heads as they were loaded: seq and messages up to it. */
  private readonly loadedHeads = new Map<number, { seq: number; messageNo: number }>();

  member(conversationNo: number, userId: string): MemberRow | undefined {
    return this.members.get(`${conversationNo}/${userId}`);
  }

  /** Every member that was loaded or saved. */
  allMembers(): Iterable<MemberRow> {
    return this.members.values();
  }

  /** A current member, or undefined. */
  currentMember(conversationNo: number, userId: string): MemberRow | undefined {
    const row = this.member(conversationNo, userId);
    return row?.goneSeq === 0 ? row : undefined;
  }

  event(conversationNo: number, seq: number): EventRow | undefined {
    return this.events.get(`${conversationNo}/${seq}`);
  }

  /** Messages of the conversation up to an event; 0 where the store did not load that event. Heads need no loading. */
  messageNoAt(conversationNo: number, seq: number): number {
    const event = this.event(conversationNo, seq);
    if (event !== undefined) return event.messageNo;
    const head = this.loadedHeads.get(conversationNo);
    return head?.seq === seq ? head.messageNo : 0;
  }

  knownSend(key: string): KnownSend | undefined {
    return this.newSends.get(key) ?? this.sends.get(key);
  }

  knownFact(changeId: string): number | undefined {
    return this.newFacts.get(changeId)?.seq ?? this.facts.get(changeId);
  }

  /** Messages of this user after `seq`, those of this batch included. */
  ownSendsAfter(conversationNo: number, userId: string, seq: number): number {
    const stored = this.ownSends.get(`${conversationNo}/${userId}/${seq}`) ?? 0;
    const fresh = this.newEvents.filter(
      (e) => e.conversationNo === conversationNo && e.actorId === userId && e.messageType !== '' && e.seq > seq,
    );
    return stored + fresh.length;
  }

  loadConversation(row: ConversationRow): void {
    this.conversations.set(row.conversationId, row);
    this.loadedHeads.set(row.no, { seq: row.headSeq, messageNo: row.messageCount });
  }

  loadMember(row: MemberRow): void {
    this.members.set(`${row.conversationNo}/${row.userId}`, row);
  }

  loadEvent(row: EventRow): void {
    this.events.set(`${row.conversationNo}/${row.seq}`, row);
  }

  loadSend(key: string, known: KnownSend): void {
    this.sends.set(key, known);
  }

  loadFact(changeId: string, seq: number): void {
    this.facts.set(changeId, seq);
  }

  loadOwnSends(conversationNo: number, userId: string, afterSeq: number, count: number): void {
    this.ownSends.set(`${conversationNo}/${userId}/${afterSeq}`, count);
  }

  loadHidden(conversationNo: number, userId: string, seq: number): void {
    this.hidden.add(`${conversationNo}/${userId}/${seq}`);
  }

  /** Whether the user hid the message, before or in this batch. */
  isHidden(conversationNo: number, userId: string, seq: number): boolean {
    return this.hidden.has(`${conversationNo}/${userId}/${seq}`);
  }

  hide(hidden: Hidden): void {
    this.loadHidden(hidden.conversationNo, hidden.userId, hidden.seq);
    this.newHidden.push(hidden);
  }

  saveMember(row: MemberRow): void {
    this.loadMember(row);
    this.decidedMembers.add(row);
  }

  countSend(row: MemberRow, seq: number): void {
    row.sentCount += 1;
    row.countedSeq = seq;
    this.countedMembers.add(row);
  }

  /** ORDER: the only place that hands out a seq. */
  append(
    conversation: ConversationRow,
    event: Omit<EventRow, 'conversationNo' | 'seq' | 'messageNo' | keyof typeof UNCHANGED>,
  ): EventRow {
    const isMessage = event.messageType !== '';
    conversation.headSeq += 1;
    if (isMessage) {
      conversation.messageCount += 1;
      conversation.lastMessageSeq = conversation.headSeq;
    }
    conversation.lastActivityAt = Math.max(conversation.lastActivityAt, event.at);
    this.countedConversations.add(conversation);
    const row: EventRow = {
      ...event,
      conversationNo: conversation.no,
      seq: conversation.headSeq,
      messageNo: conversation.messageCount,
      ...UNCHANGED,
    };
    this.newEvents.push(row);
    this.loadEvent(row);
    return row;
  }

  /** An event about a message, which is written in its new state. */
  appendChange(
    conversation: ConversationRow,
    message: EventRow,
    event: { type: string; at: number; actorId: string },
    data = '',
  ): EventRow {
    const row = this.append(conversation, {
      ...event,
      data,
      refSeq: message.seq,
      messageType: '',
      clientMsgId: '',
      deviceId: '',
      fingerprint: 0,
      mentions: '',
    });
    message.changedSeq = row.seq;
    this.changedMessages.add(message);
    return row;
  }
}
