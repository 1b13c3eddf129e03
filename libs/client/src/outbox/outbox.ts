import type { MessageBody } from '../api.js';
import { State } from '../observable.js';
import type { Clockwork, Tabs } from '../ports.js';
import type { Replica } from '../store/replica.js';
import type { OutboxEntry } from '../store/shapes.js';
import type { Attachment, SendExtras } from '../types.js';

/** What a new entry is made of. */
export interface NewEntry {
  conversationId: string;
  type: string;
  content: Record<string, unknown>;
  file?: { blob: Blob; name: string };
  extras?: SendExtras | undefined;
}

/** Messages on their way out, on every tab. Writes them down, then tells the leader, who sends them. */
export class Outbox {
  /** Messages that still have to be sent. */
  readonly waiting = new State(0);
  #lastOrder = 0;

  constructor(
    private readonly replica: Replica,
    private readonly tabs: Tabs,
    private readonly clockwork: Clockwork,
  ) {
    replica.onPatch((patch) => {
      if (patch.entries !== undefined || patch.entriesGone !== undefined) this.#count();
    });
  }

  stop(): void {
    this.waiting.set(0);
  }

  add({ conversationId, type, content, file, extras }: NewEntry): OutboxEntry {
    const key = this.clockwork.uuid();
    const entry: OutboxEntry = {
      key,
      conversationId,
      clientMsgId: key,
      order: this.#nextOrder(),
      type,
      content: plain(content),
      createdAt: new Date(this.clockwork.now()).toISOString(),
      state: 'queued',
      version: 1,
      ...(file && { file: { ...file, uploads: 0 } }),
      ...(extras?.replyTo !== undefined && { replyTo: extras.replyTo }),
      ...(extras?.mentions !== undefined && extras.mentions.length > 0 && { mentions: [...extras.mentions] }),
    };
    void this.replica.put({ entries: [entry] }).then(() => this.#poke(entry));
    return entry;
  }

  retry(key: string): void {
    const entry = this.replica.entries.get(key);
    if (entry?.state !== 'failed') return;
    const { error, ...rest } = entry;
    // The same clientMsgId can never make a second message; only where the server holds another one under it, a new one is needed.
    const clientMsgId = error?.code === 'message.idempotency_conflict' ? this.clockwork.uuid() : entry.clientMsgId;
    const file = entry.file && { ...entry.file, uploads: entry.file.uploads + 1 };
    const again: OutboxEntry = {
      ...rest,
      clientMsgId,
      order: this.#nextOrder(),
      state: 'queued',
      version: entry.version + 1,
      ...(file && { file }),
    };
    void this.replica.put({ entries: [again] }).then(() => this.#poke(again));
  }

  /** The leader has its upload. */
  pause(key: string, on: boolean): void {
    this.tabs.ask('pause', { key, on }).catch(() => {
      // Nobody leads: it is not under way.
    });
  }

  discard(key: string): void {
    if (!this.replica.entries.has(key)) return;
    void this.replica.put({ entriesGone: [key] });
  }

  /** The leader takes it from what it is given, should the storage of this tab not be the leader's. */
  #poke(entry: OutboxEntry): void {
    this.tabs.ask('outbox', entry).catch(() => {
      // The next leader reads the storage.
    });
  }

  /** Later than all before, on this tab and by what is known of the others. */
  #nextOrder(): number {
    let last = this.#lastOrder;
    for (const { order } of this.replica.entries.values()) if (order > last) last = order;
    this.#lastOrder = Math.max(last + 1, this.clockwork.now() * 1000);
    return this.#lastOrder;
  }

  #count(): void {
    let waiting = 0;
    for (const { state } of this.replica.entries.values()) if (state === 'queued' || state === 'sending') waiting++;
    this.waiting.set(waiting);
  }
}

/** A copy that can be stored and posted: what comes from a framework may be a proxy. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const KINDS = ['image', 'audio', 'video'] as const;

/** The entry of an attachment. What is missing of its content comes from the uploaded file. */
export function attachmentEntry(conversationId: string, attachment: Attachment, extras?: SendExtras): NewEntry {
  const { file, caption } = attachment;
  const name = attachment.name ?? (file as Partial<globalThis.File>).name ?? 'file';
  const type = attachment.type ?? KINDS.find((kind) => file.type.startsWith(`${kind}/`)) ?? 'file';
  const content = { ...attachment.content, ...(caption !== undefined && caption !== '' && { caption }) };
  return { conversationId, type, content, file: { blob: file, name }, extras };
}

export const bodyEntry = (conversationId: string, body: MessageBody, extras?: SendExtras): NewEntry => ({
  conversationId,
  type: body.type,
  content: body.content as Record<string, unknown>,
  extras,
});
