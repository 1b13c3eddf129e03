import type { ConversationEvent, EventPayload } from '../api.js';
import type { Clockwork, Realtime } from '../ports.js';
import { covers } from '../store/ranges.js';
import type { Replica } from '../store/replica.js';
import type { ConversationRecord, Row } from '../store/shapes.js';
import { readRows } from '../store/timeline-table.js';
import { grown } from './apply-log.js';
import { delayOf, isOver, isRetryable } from './errors.js';
import type { Filler } from './filler.js';
import type { Ledger } from './ledger.js';

const READ_AFTER_MS = 300;
const DELIVERED_AFTER_MS = 500;

/** On the leader: my cursors, told to the server in batches, and those of the others as they come in. */
export class Cursors {
  /** What this connection has been told, or is being told. */
  readonly #deliveredTold = new Map<string, number>();
  readonly #timers = new Map<string, () => void>();
  #connected = false;
  #attempt = 0;

  constructor(
    private readonly realtime: Realtime,
    private readonly replica: Replica,
    private readonly ledger: Ledger,
    private readonly filler: Filler,
    private readonly clockwork: Clockwork,
  ) {}

  stop(): void {
    this.#connected = false;
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
    this.#deliveredTold.clear();
  }

  /** Caught up: what the server was not told yet. */
  online(connected: boolean): void {
    this.#connected = connected;
    if (!connected) return;
    this.#attempt = 0;
    for (const record of this.replica.records.values()) {
      if (record.state.readSeq > record.readAcked) this.#later('read', record.conversationId);
      else if (record.last !== undefined && record.last.seq > record.state.deliveredSeq)
        this.#later('delivered', record.conversationId);
    }
  }

  /** New events are there. */
  arrived(record: ConversationRecord, events: readonly ConversationEvent[]): void {
    const others = events.some((event) => event.type === 'message.created' && event.actorId !== this.replica.me);
    if (others && record.state.tier.receipts !== 'off') this.#later('delivered', record.conversationId);
  }

  markRead(conversationId: string, seq = Number.POSITIVE_INFINITY): void {
    const record = this.replica.records.get(conversationId);
    if (record === undefined) return;
    const readSeq = Math.min(seq, Math.max(record.head.seq, record.stateSeq));
    if (readSeq <= record.state.readSeq) return;
    this.#moveRead(record, readSeq);
    this.#later('read', conversationId);
  }

  changed({ conversationId, userId, readSeq, deliveredSeq }: EventPayload<'cursor:changed'>): void {
    const record = this.replica.records.get(conversationId);
    if (record === undefined) return;
    if (userId !== this.replica.me) {
      const { cursors = [], ...state } = record.state;
      const known = cursors.find((one) => one.userId === userId) ?? { userId, readSeq: 0, deliveredSeq: 0 };
      const others = cursors.filter((one) => one.userId !== userId);
      const next = [...others, grown(known, { readSeq, deliveredSeq })];
      this.ledger.change(conversationId, () => ({ state: { ...state, cursors: next } }));
      return;
    }
    const acked = Math.max(readSeq ?? 0, record.readAcked);
    if (acked > record.readAcked) this.ledger.change(conversationId, () => ({ readAcked: acked }));
    const now = this.replica.records.get(conversationId) ?? record;
    if (readSeq !== undefined && readSeq > now.state.readSeq) this.#moveRead(now, readSeq);
  }

  #moveRead(record: ConversationRecord, readSeq: number): void {
    const { conversationId, count, head } = record;
    const all = readSeq >= Math.max(count.upTo, head.seq);
    this.ledger.change(conversationId, ({ state }) => ({
      state: { ...state, readSeq, deliveredSeq: Math.max(state.deliveredSeq, readSeq) },
      ...(all && { count: { unread: 0, mentions: 0, upTo: Math.max(count.upTo, readSeq) } }),
    }));
    if (!all) this.recount(conversationId);
  }

  recount(conversationId: string): void {
    this.#count(conversationId).catch(() => {
      // No connection, or nobody is signed in any more: the next `sync` says it.
    });
  }

  /** By the rows where all are there; else the server has to say. */
  async #count(conversationId: string): Promise<void> {
    const { replica } = this;
    const asked = replica.records.get(conversationId);
    if (asked === undefined) return;
    const { readSeq } = asked.state;
    const unseen = [readSeq + 1, asked.head.seq] as const;
    if (asked.count.upTo > asked.head.seq || !covers(asked.ranges, unseen)) {
      // Only after the server knows what was read here.
      if (asked.readAcked >= readSeq) await this.filler.refresh(conversationId);
      return;
    }
    const rows = await replica.read((tx) => readRows(tx, conversationId, unseen));
    const now = replica.records.get(conversationId);
    if (now === undefined || now.state.readSeq !== readSeq) return;
    if (now.head.seq !== asked.head.seq) return this.#count(conversationId);
    const others = rows.filter(({ message }) => message !== undefined && message.senderId !== replica.me);
    const namesMe = ({ message }: Row) =>
      message?.mentions?.some((one) => one === replica.me || one === 'all') === true;
    this.ledger.change(conversationId, () => ({
      count: { unread: others.length, mentions: others.filter(namesMe).length, upTo: asked.head.seq },
    }));
  }

  #later(kind: 'read' | 'delivered', conversationId: string): void {
    const name = `${kind} ${conversationId}`;
    if (this.#timers.has(name)) return;
    const tell = () => {
      this.#timers.delete(name);
      void (kind === 'read' ? this.#tellRead(conversationId) : this.#tellDelivered(conversationId));
    };
    this.#timers.set(name, this.clockwork.after(kind === 'read' ? READ_AFTER_MS : DELIVERED_AFTER_MS, tell));
  }

  async #tellRead(conversationId: string): Promise<void> {
    const record = this.replica.records.get(conversationId);
    if (record === undefined || !this.#connected || record.state.readSeq <= record.readAcked) return;
    const { readSeq } = record.state;
    const acked = () => ({ readAcked: Math.max(readSeq, this.replica.records.get(conversationId)?.readAcked ?? 0) });
    try {
      await this.realtime.command('cursor:read', { conversationId, seq: readSeq });
      this.ledger.change(conversationId, acked);
      const now = this.replica.records.get(conversationId);
      // What could not be counted here, the server can count now.
      if (now !== undefined && now.count.unread > 0) this.recount(conversationId);
    } catch (error) {
      if (isOver(error)) return;
      // Refused for good: asking again would not help.
      if (!isRetryable(error)) this.ledger.change(conversationId, acked);
      else this.#retry(() => this.#later('read', conversationId), error);
    }
  }

  async #tellDelivered(conversationId: string): Promise<void> {
    // Delivered means: also after a crash of this device.
    await this.replica.flushed();
    const record = this.replica.records.get(conversationId);
    if (record === undefined || !this.#connected) return;
    const { seq } = record.head;
    if (seq <= Math.max(record.readAcked, record.state.deliveredSeq, this.#deliveredTold.get(conversationId) ?? 0))
      return;
    this.#deliveredTold.set(conversationId, seq);
    try {
      await this.realtime.command('cursor:delivered', { conversationId, seq });
      this.ledger.change(conversationId, ({ state }) => ({
        state: { ...state, deliveredSeq: Math.max(state.deliveredSeq, seq) },
      }));
    } catch (error) {
      this.#deliveredTold.delete(conversationId);
      if (!isOver(error) && isRetryable(error)) this.#retry(() => this.#later('delivered', conversationId), error);
    }
  }

  #retry(work: () => void, error: unknown): void {
    if (!this.#connected) return;
    const name = `retry ${this.#attempt++}`;
    const again = () => {
      this.#timers.delete(name);
      work();
    };
    this.#timers.set(name, this.clockwork.after(delayOf(this.#attempt, this.clockwork.random(), error), again));
  }
}
