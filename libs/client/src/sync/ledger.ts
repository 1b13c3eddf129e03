import type { Conversation, ConversationEvent } from '../api.js';
import type { Range } from '../store/ranges.js';
import { readRows } from '../store/timeline-table.js';
import { addRange } from '../store/ranges.js';
import { hiddenBy, rowOf } from '../store/message-changes.js';
import type { Replica } from '../store/replica.js';
import type { ConversationRecord, OutboxEntry, Patch, TimelinePatch } from '../store/shapes.js';
import { applyLog, newRecord, withState } from './apply-log.js';
import type { PeopleNotes } from '../data.js';

/** Among so many lines before it there is a message, most likely. */
const SHOWN = 30;

export interface Page {
  conversationId: string;
  cover: Range;
  epoch: string;
  items: readonly ConversationEvent[];
  /** What was applied since the page was asked for; it may not be in the page. */
  since: readonly Patch[];
}

/** On the leader: what the server says becomes patches. Nothing here waits for anything, so one thing is applied after the other. */
export class Ledger {
  constructor(
    private readonly replica: Replica,
    private readonly people: PeopleNotes,
    /** New events of a conversation were applied. */
    private readonly onEvents: (record: ConversationRecord, events: readonly ConversationEvent[]) => void,
    /** The read cursor moved, and what is unread now has to be counted. */
    private readonly onRead: (conversationId: string) => void,
  ) {}

  /**
   * Events as they were pushed, or told by `sync` or the log (`told`: then nothing is missing before the first).
   * Answers false where some are missing in between, or the log is another one.
   */
  events(conversationId: string, epoch: string, events: readonly ConversationEvent[], told = false): boolean {
    const before = this.replica.records.get(conversationId);
    if (before === undefined || before.head.epoch !== epoch) return false;
    // DEDUPE: what is not beyond the head was applied before.
    const fresh = events.filter((event) => event.seq > before.head.seq);
    const [first] = fresh;
    if (first === undefined) return true;
    // ORDER: without the events in between it would stand in the wrong place.
    if (!told && first.seq !== before.head.seq + 1) return false;
    const { record, timeline } = applyLog(before, fresh, this.replica.me, this.replica.nextRev());
    void this.replica.commit({
      records: [record],
      timelines: [timeline],
      entriesGone: this.#committed(record, timeline),
    });
    this.onEvents(record, fresh);
    return true;
  }

  /** The state of conversations. Those not known begin at their head, or where `from` says. */
  states(answers: readonly Conversation[], from?: number): void {
    const { replica } = this;
    const records: ConversationRecord[] = [];
    for (const answer of answers) {
      const before = replica.records.get(answer.conversationId);
      records.push(
        before === undefined
          ? newRecord(answer, from ?? answer.headSeq, replica.nextRev())
          : withState(before, answer, replica.nextRev()),
      );
    }
    const read = records.filter(({ conversationId, state, count }) => {
      const before = replica.records.get(conversationId);
      return before !== undefined && state.readSeq > before.state.readSeq && count === before.count && count.unread > 0;
    });
    if (records.length > 0) void replica.commit({ records });
    for (const { conversationId } of read) this.onRead(conversationId);
    this.people.note(answers.map((answer) => answer.peer));
  }

  /** What is known of the timeline is void: it goes on from the head of this answer. */
  reset(answer: Conversation): void {
    const { replica } = this;
    const before = replica.records.get(answer.conversationId);
    const fresh = newRecord(answer, answer.headSeq, replica.nextRev());
    const { state } = fresh;
    // Where the log was put back, cursors may lie beyond its end.
    const readSeq = Math.max(state.readSeq, Math.min(before?.state.readSeq ?? 0, answer.headSeq));
    const record = { ...fresh, state: { ...state, readSeq } };
    void replica.commit({ resets: [answer.conversationId], records: [record] });
  }

  /** A part of the log that was asked for. Does not move the head. */
  async page({ conversationId, cover, epoch, items, since }: Page): Promise<TimelinePatch | undefined> {
    const before = this.replica.records.get(conversationId);
    if (before === undefined || before.head.epoch !== epoch) return undefined;
    if (since.some((patch) => patch.resets?.includes(conversationId))) return undefined;
    const end = Math.min(cover[1], before.head.seq);
    const within = items.filter((event) => event.seq <= end);
    const rows = within.flatMap((event) => rowOf(event) ?? []);
    const missed = since
      .flatMap((patch) => patch.timelines ?? [])
      .filter((one) => one.conversationId === conversationId);
    const timeline: TimelinePatch = {
      conversationId,
      cover: [cover[0], end],
      rows,
      page: true,
      changes: missed.flatMap((one) => one.changes ?? []),
      hidden: [...within.flatMap(hiddenBy), ...missed.flatMap((one) => one.hidden ?? [])],
    };
    const ranges = addRange(before.ranges, [cover[0], end]);
    await this.replica.commit({ records: [{ ...before, rev: this.replica.nextRev(), ranges }], timelines: [timeline] });
    return timeline;
  }

  remove(conversationIds: readonly string[]): void {
    const removed = conversationIds.filter((id) => this.replica.records.has(id));
    if (removed.length > 0) void this.replica.commit({ removed });
  }

  /** I deleted a message for myself. */
  hide(conversationId: string, seq: number, messageId: string): void {
    const { replica } = this;
    const hidden = [{ seq, messageId }];
    void replica.commit({ timelines: [{ conversationId, hidden }] });
    if (replica.records.get(conversationId)?.last?.messageId !== messageId) return;
    const before = replica.read((tx) => readRows(tx, conversationId, [0, seq - 1], SHOWN));
    before.then(
      (rows) => {
        const last = rows.findLast((row) => row.message !== undefined)?.message;
        this.change(conversationId, (record) => (record.last?.messageId === messageId ? { last } : {}));
      },
      () => {},
    );
  }

  /** Changes one record, if it is still there. */
  change(conversationId: string, change: (record: ConversationRecord) => Partial<ConversationRecord>): void {
    const before = this.replica.records.get(conversationId);
    if (before === undefined) return;
    const record = { ...before, ...change(before), rev: this.replica.nextRev() };
    void this.replica.commit({ records: [record] });
  }

  /** Entries of the outbox that are in the log now: they leave with the patch that shows them there. */
  #committed(record: ConversationRecord, { rows = [] }: TimelinePatch): string[] {
    const mine = new Set(
      rows.flatMap(({ message }) => (message?.senderId === this.replica.me ? [message.clientMsgId] : [])),
    );
    const isThere = (entry: OutboxEntry) =>
      entry.conversationId === record.conversationId &&
      (mine.has(entry.clientMsgId) || (entry.seq !== undefined && entry.seq <= record.head.seq));
    return [...this.replica.entries.values()].filter(isThere).map((entry) => entry.key);
  }
}
