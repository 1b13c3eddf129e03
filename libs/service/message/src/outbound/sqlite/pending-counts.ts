import { type ConversationRow, type EventRow, type KnownSend, type MemberRow, sendKey } from '@parley/core-message';
import { hash52 } from '../hash52.js';
import { conversationOf, eventOf, memberOf, memberValues } from '../rows.js';
import type { Statements } from './sqlite-statements.js';

const RECOVER_BATCH = 5000;

/**
 * Heads, counters and send keys that were counted from committed events but are not written yet. Under load one page per
 * message and table is what a commit costs most; written once for many messages they cost little. Nothing rests on this memory:
 * every row says up to which seq it counts, `counted` says up to which event all do, and `recover` counts the rest again.
 */
export class PendingCounts {
  private readonly conversations = new Map<string, ConversationRow>();
  private readonly members = new Map<string, MemberRow>();
  private readonly sends = new Map<string, KnownSend>();
  private lastEventId: number;

  constructor(private readonly sql: Statements) {
    this.lastEventId = sql.counted.get()?.event_id ?? 0;
  }

  /** Rows that wait to be written. */
  get size(): number {
    return this.conversations.size + this.members.size + this.sends.size;
  }

  /** Copies: a transaction that fails must not leave its changes here. */
  conversation(conversationId: string): ConversationRow | undefined {
    const row = this.conversations.get(conversationId);
    return row && { ...row };
  }

  member(conversationNo: number, userId: string): MemberRow | undefined {
    const row = this.members.get(`${conversationNo}/${userId}`);
    return row && { ...row };
  }

  send(key: string): KnownSend | undefined {
    return this.sends.get(key);
  }

  /** Keeps what a committed transaction counted and did not write. */
  add(
    conversations: Iterable<ConversationRow>,
    members: Iterable<MemberRow>,
    sends: Iterable<[string, KnownSend]>,
    lastEventId: number,
  ): void {
    for (const row of conversations) this.conversations.set(row.conversationId, row);
    for (const row of members) this.members.set(`${row.conversationNo}/${row.userId}`, row);
    for (const [key, send] of sends) this.sends.set(key, send);
    this.lastEventId = Math.max(this.lastEventId, lastEventId);
  }

  /** Writes everything; call inside a transaction, and `clear` after its commit. */
  write(): void {
    for (const row of this.conversations.values()) writeConversation(this.sql, row);
    for (const row of this.members.values()) writeMember(this.sql, row);
    this.writeSends(this.sends, 0);
  }

  /** Writes send keys, and that everything up to `lastEventId` is counted. */
  writeSends(sends: Iterable<[string, KnownSend]>, lastEventId: number): void {
    for (const [key, send] of sends) writeSend(this.sql, key, send);
    this.sql.saveCounted.run(Math.max(this.lastEventId, lastEventId));
  }

  /** After the commit of a transaction that wrote everything. */
  clear(lastEventId: number): void {
    this.lastEventId = Math.max(this.lastEventId, lastEventId);
    this.conversations.clear();
    this.members.clear();
    this.sends.clear();
  }

  /** Counts the events that a killed process left uncounted. Idempotent: rows know what they have counted. */
  recover(): void {
    for (let after = this.lastEventId; ; ) {
      const rows = this.sql.uncountedEvents.all(after, RECOVER_BATCH);
      for (const row of rows) this.count(eventOf(row));
      after = rows.at(-1)?.id ?? after;
      this.lastEventId = Math.max(this.lastEventId, after);
      if (rows.length < RECOVER_BATCH) return;
    }
  }

  private count(event: EventRow): void {
    const stored = this.sql.conversationByNo.get(event.conversationNo);
    if (stored === undefined) return;
    const conversation = this.conversations.get(stored.conversation_id) ?? conversationOf(stored);
    this.conversations.set(conversation.conversationId, conversation);
    if (event.seq > conversation.headSeq) {
      conversation.headSeq = event.seq;
      conversation.messageCount = event.messageNo;
      conversation.lastActivityAt = Math.max(conversation.lastActivityAt, event.at);
      if (event.messageType !== '') conversation.lastMessageSeq = event.seq;
    }
    if (event.messageType === '') return;
    this.sends.set(sendKey({ senderId: event.actorId, deviceId: event.deviceId, clientMsgId: event.clientMsgId }), {
      conversationNo: event.conversationNo,
      seq: event.seq,
      at: event.at,
      fingerprint: event.fingerprint,
    });
    const key = `${event.conversationNo}/${event.actorId}`;
    const row = this.sql.member.get(event.conversationNo, event.actorId);
    const member = this.members.get(key) ?? (row && memberOf(row));
    if (member === undefined || event.seq <= member.countedSeq) return;
    member.sentCount += 1;
    member.countedSeq = event.seq;
    this.members.set(key, member);
  }
}

export function writeConversation(sql: Statements, c: ConversationRow): void {
  sql.saveConversation.run(
    c.headSeq,
    c.messageCount,
    c.lastMessageSeq,
    c.lastActivityAt,
    c.memberCount,
    c.disbanded ? 1 : 0,
    c.adminsOnly ? 1 : 0,
    c.no,
  );
}

export function writeMember(sql: Statements, row: MemberRow): void {
  const [no, userId, ...columns] = memberValues(row);
  if (sql.updateMember.run(...columns, no, userId).changes === 0) sql.insertMember.run(memberValues(row));
}

/** DEDUPE: a slot that another key holds (a hash collision) is stepped over; the key's own slot is left as it is. */
function writeSend(sql: Statements, key: string, send: KnownSend): void {
  for (let slot = hash52(key); ; slot += 1) {
    const taken = sql.sendKey.get(slot);
    if (taken?.conversation_no === send.conversationNo && taken.seq === send.seq) return;
    if (taken !== undefined) continue;
    sql.insertSendKey.run(slot, send.conversationNo, send.seq);
    return;
  }
}
