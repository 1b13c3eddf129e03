import {
  type HideChange,
  type LogChange,
  type PinChange,
  placeOf,
  type ReactChange,
  type SendChange,
  sendKey,
  WorkingSet,
} from '@parley/core-message';
import { hash52 } from '../hash52.js';
import { conversationOf, eventOf, memberOf } from '../rows.js';
import type { PendingCounts } from './pending-counts.js';
import type { Statements } from './sqlite-statements.js';

/** Fills a working set with the rows that a batch of changes needs. Runs inside the transaction that will write them. */
export class SqliteLoader {
  private readonly set = new WorkingSet();

  constructor(
    private readonly sql: Statements,
    private readonly pending: PendingCounts,
  ) {}

  load(changes: readonly LogChange[]): WorkingSet {
    for (const change of changes) {
      const no = this.conversation(change);
      if (change.kind === 'send') this.send(change);
      if (no === undefined) continue;
      switch (change.kind) {
        case 'send':
          this.member(no, change.senderId);
          if (change.replyTo !== '') this.message(no, change.replyTo);
          break;
        case 'cursor':
          this.member(no, change.userId);
          if (change.readSeq > 0) this.readPoint(change.conversationId, no, change.userId, change.readSeq);
          break;
        case 'fact':
          this.fact(change.changeId);
          for (const userId of usersOf(change)) this.member(no, userId);
          break;
        case 'edit':
        case 'recall':
          this.member(no, change.actorId);
          this.message(no, change.messageId);
          break;
        case 'hide':
        case 'react':
        case 'pin':
          this.member(no, change.actorId);
          this.message(no, change.messageId);
          this.marks(no, change);
      }
    }
    return this.set;
  }

  private conversation(change: LogChange): number | undefined {
    const loaded = this.set.conversations.get(change.conversationId);
    if (loaded !== undefined) return loaded.no;
    const counted = this.pending.conversation(change.conversationId);
    if (counted !== undefined) {
      this.set.loadConversation(counted);
      return counted.no;
    }
    let row = this.sql.conversation.get(change.conversationId);
    if (row === undefined && change.kind === 'fact' && change.fact.is === 'created') {
      this.sql.createConversation.run(
        change.conversationId,
        change.fact.kind,
        change.fact.epoch,
        change.fact.historyBeforeJoin ? 1 : 0,
      );
      row = this.sql.conversation.get(change.conversationId);
    }
    if (row === undefined) return undefined;
    this.set.loadConversation(conversationOf(row));
    return row.no;
  }

  private member(no: number, userId: string): void {
    if (this.set.member(no, userId) !== undefined) return;
    const counted = this.pending.member(no, userId);
    const row = counted === undefined ? this.sql.member.get(no, userId) : undefined;
    if (counted !== undefined) this.set.loadMember(counted);
    else if (row !== undefined) this.set.loadMember(memberOf(row));
  }

  private event(no: number, seq: number): void {
    if (this.set.event(no, seq) !== undefined) return;
    const row = this.sql.event.get(no, seq);
    if (row !== undefined) this.set.loadEvent(eventOf(row));
  }

  private message(no: number, messageId: string): void {
    const place = placeOf(messageId);
    if (place?.conversationNo === no) this.event(no, place.seq);
  }

  private marks(no: number, change: HideChange | ReactChange | PinChange): void {
    const place = placeOf(change.messageId);
    if (place?.conversationNo !== no) return;
    const { actorId: userId } = change;
    if (this.sql.hidden.get(userId, no, place.seq) !== undefined) this.set.loadHidden(no, userId, place.seq);
    if (change.kind === 'pin') this.set.marks.loadPinCount(no, this.sql.pinCount.get(no)?.n ?? 0);
    if (change.kind !== 'react') return;
    const key = { conversationNo: no, messageSeq: place.seq, userId, emoji: change.emoji };
    if (this.sql.reaction.get(no, place.seq, userId, change.emoji) !== undefined) this.set.marks.loadReaction(key);
  }

  private readPoint(conversationId: string, no: number, userId: string, readSeq: number): void {
    // Nothing lies behind the head, and its count stands in the conversation.
    if (readSeq >= (this.set.conversations.get(conversationId)?.headSeq ?? 0)) return;
    this.event(no, readSeq);
    this.set.loadOwnSends(no, userId, readSeq, this.sql.ownSends.get(no, readSeq, userId)?.n ?? 0);
  }

  private fact(changeId: string): void {
    const row = this.sql.fact.get(changeId);
    if (row !== undefined) this.set.loadFact(changeId, row.seq);
  }

  /** Finds a known send. Slots that other keys hold (hash collisions) are stepped over. */
  private send(change: SendChange): void {
    const key = sendKey(change);
    const pending = this.pending.send(key);
    if (pending !== undefined) return this.set.loadSend(key, pending);
    for (let slot = hash52(key); ; slot += 1) {
      const row = this.sql.sendKey.get(slot);
      if (row === undefined) return;
      const event = this.sql.event.get(row.conversation_no, row.seq);
      if (
        event?.client_msg_id !== change.clientMsgId ||
        event.device_id !== change.deviceId ||
        event.actor_id !== change.senderId
      )
        continue;
      return this.set.loadSend(key, {
        conversationNo: row.conversation_no,
        seq: row.seq,
        at: event.at,
        fingerprint: event.fingerprint,
      });
    }
  }
}

function usersOf(change: Extract<LogChange, { kind: 'fact' }>): string[] {
  const { fact } = change;
  if (fact.is === 'created' || fact.is === 'joined') return fact.members.map((member) => member.userId);
  return 'userId' in fact ? [fact.userId] : [];
}
