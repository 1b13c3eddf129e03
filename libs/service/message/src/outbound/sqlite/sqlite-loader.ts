import { type LogChange, placeOf, type SendChange, sendKey, WorkingSet } from '@parley/core-message';
import { hash52 } from './hash52.js';
import { conversationOf, eventOf, memberOf } from './rows.js';
import type { Statements } from './sqlite-statements.js';

/** Fills a working set with the rows that a batch of changes needs. Runs inside the transaction that will write them. */
export class SqliteLoader {
  /** Free slot in send_keys of each new send of the batch. */
  readonly slots = new Map<string, number>();
  private readonly set = new WorkingSet();

  constructor(private readonly sql: Statements) {}

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
        default:
          this.member(no, change.actorId);
          this.message(no, change.messageId);
      }
    }
    return this.set;
  }

  private conversation(change: LogChange): number | undefined {
    const loaded = this.set.conversations.get(change.conversationId);
    if (loaded !== undefined) return loaded.no;
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
    const row = this.sql.member.get(no, userId);
    if (row !== undefined) this.set.loadMember(memberOf(row));
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

  private readPoint(conversationId: string, no: number, userId: string, readSeq: number): void {
    const seq = Math.min(readSeq, this.set.conversations.get(conversationId)?.headSeq ?? 0);
    this.event(no, seq);
    this.set.loadOwnSends(no, userId, seq, this.sql.ownSends.get(no, seq, userId)?.n ?? 0);
  }

  private fact(changeId: string): void {
    const row = this.sql.fact.get(changeId);
    if (row !== undefined) this.set.loadFact(changeId, row.seq);
  }

  /** Finds a known send, or the free slot for a new one. A slot that another key holds (a hash collision) is stepped over. */
  private send(change: SendChange): void {
    const key = sendKey(change);
    if (this.slots.has(key)) return;
    const taken = new Set(this.slots.values());
    for (let slot = hash52(key); ; slot += 1) {
      if (taken.has(slot)) continue;
      const row = this.sql.sendKey.get(slot);
      if (row === undefined) {
        this.slots.set(key, slot);
        return;
      }
      const event = this.sql.event.get(row.conversation_no, row.seq);
      if (
        event === undefined ||
        event.client_msg_id !== change.clientMsgId ||
        event.device_id !== change.deviceId ||
        event.actor_id !== change.senderId
      )
        continue;
      this.set.loadSend(key, {
        conversationNo: row.conversation_no,
        seq: row.seq,
        at: event.at,
        fingerprint: row.fingerprint,
      });
      return;
    }
  }
}

function usersOf(change: Extract<LogChange, { kind: 'fact' }>): string[] {
  const { fact } = change;
  if (fact.is === 'created' || fact.is === 'joined') return fact.members.map((member) => member.userId);
  return 'userId' in fact ? [fact.userId] : [];
}
