import type { AnswerOf, Message, MessageBody } from '../api.js';
import type { Realtime, Rest, Tabs } from '../ports.js';
import { attachmentEntry, bodyEntry, type Outbox, plain } from '../outbox/outbox.js';
import type { Replica } from '../store/replica.js';
import type { OutboxEntry, Patch } from '../store/shapes.js';
import { rowOfMessage } from '../store/message-changes.js';
import type {
  Attachment,
  MessageItem,
  MessageWindow,
  SendExtras,
  TimelineItem,
  UploadProgress,
  WindowState,
} from '../types.js';
import { type ItemKeys, itemOfEntry, itemOfMessage } from './items.js';
import { Loader } from './loader.js';
import { Pins } from './pins.js';
import { Reacting } from './reacting.js';
import { TimelineWindow } from './timeline-window.js';

export interface WindowParts {
  rest: Rest;
  realtime: Realtime;
  tabs: Tabs;
  replica: Replica;
  outbox: Outbox;
  keys: ItemKeys;
  progress: ReadonlyMap<string, UploadProgress>;
}

type Place = Parameters<MessageWindow['jumpTo']>[0];

/** What an application does with one conversation's messages. */
export class ConversationMessages implements MessageWindow {
  readonly pins: Pins;
  readonly #window: TimelineWindow;
  readonly #loader: Loader;
  readonly #reacting: Reacting;
  /** Items of the outbox, kept as long as their entry does not change. */
  readonly #shown = new Map<string, { entry: OutboxEntry; upload: UploadProgress | undefined; item: TimelineItem }>();

  constructor(
    readonly conversationId: string,
    private readonly parts: WindowParts,
  ) {
    const { replica, tabs, keys } = parts;
    this.#loader = new Loader(replica, tabs);
    this.#reacting = new Reacting((messageId) => this.#window.touch(messageId));
    this.#window = new TimelineWindow(
      conversationId,
      replica,
      this.#loader,
      keys,
      () => this.#pending(),
      (item) => this.#reacting.over(item, replica.me),
    );
    this.pins = new Pins(conversationId, parts);
  }

  get value(): WindowState {
    return this.#window.state.value;
  }

  subscribe(listener: (state: WindowState) => void): () => void {
    if (!this.#window.wanted) void this.open();
    return this.#window.state.subscribe(listener);
  }

  open(): Promise<void> {
    this.#watch(true);
    return this.#window.open();
  }

  release(): void {
    this.#watch(false);
    this.#window.release();
  }

  loadOlder(): Promise<void> {
    return this.#window.loadOlder();
  }

  loadNewer(): Promise<void> {
    return this.#window.loadNewer();
  }

  toLatest(): Promise<void> {
    return this.#window.toLatest();
  }

  async jumpTo(place: Place): Promise<string | undefined> {
    const seq = await this.#seqOf(place);
    if (seq === undefined) return undefined;
    await this.#window.jump(seq);
    const unread = place === 'first-unread';
    const me = this.parts.replica.me;
    const item = this.#window.slice?.itemFrom(
      seq,
      ({ message }) => !unread || (message !== undefined && message.senderId !== me),
    );
    return item === undefined ? undefined : item.kind === 'message' ? item.message.key : item.notice.key;
  }

  send(body: MessageBody, extras?: SendExtras): MessageItem {
    return this.#itemOf(this.parts.outbox.add(bodyEntry(this.conversationId, body, extras)));
  }

  sendFile(attachment: Attachment, extras?: SendExtras): MessageItem {
    return this.#itemOf(this.parts.outbox.add(attachmentEntry(this.conversationId, attachment, extras)));
  }

  async forward(messageIds: readonly string[], toConversationId: string): Promise<void> {
    const found = await Promise.all(messageIds.map((messageId) => this.#lookUp(messageId)));
    for (const message of found)
      if (message?.content !== undefined)
        this.parts.outbox.add({ conversationId: toConversationId, type: message.type, content: message.content });
  }

  retry(key: string): void {
    this.parts.outbox.retry(key);
  }

  pause(key: string): void {
    this.parts.outbox.pause(key, true);
  }

  resume(key: string): void {
    this.parts.outbox.pause(key, false);
  }

  discard(key: string): void {
    this.parts.outbox.discard(key);
  }

  async edit(messageId: string, content: Record<string, unknown>): Promise<void> {
    const input = { conversationId: this.conversationId, messageId, content: plain(content) };
    this.#answered(await this.parts.realtime.command('message:edit', input as never));
  }

  async recall(messageId: string): Promise<void> {
    this.#answered(
      await this.parts.realtime.command('message:recall', { conversationId: this.conversationId, messageId }),
    );
  }

  async remove(messageId: string): Promise<void> {
    const { conversationId } = this;
    const seq = (await this.#lookUp(messageId))?.seq;
    await this.parts.realtime.command('message:delete', { conversationId, messageId });
    if (seq !== undefined) await this.parts.tabs.ask('hide', { conversationId, seq, messageId });
  }

  react(messageId: string, emoji: string, on: boolean): Promise<void> {
    const { conversationId } = this;
    return this.#reacting.run(messageId, emoji, on, async () => {
      const input = { conversationId, messageId, emoji, remove: !on };
      this.#answered(await this.parts.realtime.command('message:react', input));
    });
  }

  async pin(messageId: string, on: boolean): Promise<void> {
    const input = { conversationId: this.conversationId, messageId, pinned: on };
    this.#answered(await this.parts.realtime.command('message:pin', input));
    await this.pins.load();
  }

  receipts(messageId: string): Promise<AnswerOf<'GET /conversations/{conversationId}/messages/{messageId}/receipts'>> {
    const params = { conversationId: this.conversationId, messageId };
    return this.parts.rest.call('GET /conversations/{conversationId}/messages/{messageId}/receipts', { params });
  }

  async find(messageId: string): Promise<MessageItem | undefined> {
    const message = await this.#lookUp(messageId);
    return message === undefined ? undefined : itemOfMessage(message, this.parts.replica.me, this.parts.keys);
  }

  /** Every patch of the replica. */
  take(patch: Patch): void {
    this.#window.take(patch);
    const mine = (entry: OutboxEntry | undefined) => entry?.conversationId === this.conversationId;
    if (patch.entries?.some(mine) || patch.entriesGone?.some((key) => this.#shown.has(key))) this.#window.touch();
    this.pins.take(patch);
  }

  /** The upload of an entry went on. */
  progressed(key: string): void {
    if (this.#shown.has(key)) this.#window.touch();
  }

  /** There is a connection again: what failed for want of one is tried anew. */
  online(): void {
    if (!this.#window.wanted) return;
    this.#watch(true);
    if (this.#window.lags) void this.#window.catchUp();
    else if (this.value.error !== undefined || this.#window.slice === undefined) void this.#window.open();
  }

  reset(): void {
    this.#shown.clear();
    this.#window.reset();
    this.pins.reset();
  }

  /** Somebody else is signed in, or the same again. */
  started(): void {
    if (this.#window.wanted) void this.open();
  }

  #watch(on: boolean): void {
    this.parts.tabs.ask('watch', { conversationId: this.conversationId, on }).catch(() => {
      // Without a leader there is nothing to hear; `online` asks again.
    });
  }

  /** An answer brings the new state at once; the event, which every tab gets, may come later. */
  #answered(message: Message): void {
    if (this.#window.slice?.replace(rowOfMessage(message)) === true) this.#window.touch();
  }

  async #lookUp(messageId: string): Promise<Message | undefined> {
    const shown = this.#window.slice?.find((row) => row.message?.messageId === messageId);
    if (shown?.message !== undefined) return shown.message;
    const stored = await this.#loader.find(this.conversationId, messageId).catch(() => undefined);
    if (stored?.message !== undefined) return stored.message;
    const params = { conversationId: this.conversationId, messageId };
    try {
      return await this.parts.rest.call('GET /conversations/{conversationId}/messages/{messageId}', { params });
    } catch (error) {
      if ((error as { code?: string }).code === 'message.not_found') return undefined;
      throw error;
    }
  }

  async #seqOf(place: Place): Promise<number | undefined> {
    if (place === 'first-unread') {
      await this.#loader.known(this.conversationId);
      const record = this.parts.replica.records.get(this.conversationId);
      return record === undefined ? undefined : Math.min(record.state.readSeq + 1, record.head.seq);
    }
    if ('seq' in place) return place.seq;
    if ('messageId' in place) return (await this.#lookUp(place.messageId))?.seq;
    const query = { at: place.date.toISOString(), limit: 1 };
    const { items } = await this.parts.rest.call('GET /conversations/{conversationId}/messages', {
      params: { conversationId: this.conversationId },
      query,
    });
    return items[0]?.seq ?? this.parts.replica.records.get(this.conversationId)?.head.seq;
  }

  #pending(): TimelineItem[] {
    const entries = [...this.parts.replica.entries.values()].filter(
      (entry) =>
        entry.conversationId === this.conversationId && !((entry.seq ?? Infinity) <= (this.#window.slice?.to ?? 0)),
    );
    entries.sort((a, b) => a.order - b.order);
    const keys = new Set(entries.map((entry) => entry.key));
    for (const key of this.#shown.keys()) if (!keys.has(key)) this.#shown.delete(key);
    return entries.map((entry) => {
      const upload = this.parts.progress.get(entry.key);
      const known = this.#shown.get(entry.key);
      if (known?.entry === entry && known.upload === upload) return known.item;
      const item: TimelineItem = { kind: 'message', message: itemOfEntry(entry, this.parts.replica.me, upload) };
      this.#shown.set(entry.key, { entry, upload, item });
      return item;
    });
  }

  #itemOf(entry: OutboxEntry): MessageItem {
    return itemOfEntry(entry, this.parts.replica.me, undefined);
  }
}
