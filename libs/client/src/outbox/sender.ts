import type { SendInput } from '../api.js';
import { isPlainError, toPlain } from '../error-answers.js';
import type { ErrorMaker, ParleyError } from '../errors.js';
import { until } from '../observable.js';
import type { Clockwork, Realtime, Uploader } from '../ports.js';
import type { Replica } from '../store/replica.js';
import type { OutboxEntry } from '../store/shapes.js';
import { delayOf, isOffline, isOver, isRetryable } from '../sync/errors.js';
import type { Upload, UploadProgress } from '../types.js';
import { contentOf } from './file-content.js';
import { plain } from './outbox.js';

/** On the leader: sends what waits. One message of a conversation is under way at a time, conversations do not wait for each other. */
export class Sender {
  readonly #lanes = new Set<string>();
  readonly #uploads = new Map<string, Upload>();
  /** Calls off the pause of a lane. */
  readonly #pauses = new Map<string, () => void>();
  #running = false;
  #life = 0;

  constructor(
    private readonly realtime: Realtime,
    private readonly replica: Replica,
    private readonly uploader: Uploader,
    private readonly clockwork: Clockwork,
    private readonly errors: ErrorMaker,
    private readonly onProgress: (key: string, progress: UploadProgress | undefined) => void,
  ) {
    replica.onPatch((patch) => {
      for (const key of patch.entriesGone ?? []) this.#letGo(key);
    });
  }

  start(): void {
    this.#running = true;
    this.poke();
  }

  stop(): void {
    this.#running = false;
    this.#life++;
    this.#lanes.clear();
    for (const wake of [...this.#pauses.values()]) wake();
    for (const key of [...this.#uploads.keys()]) this.#letGo(key);
  }

  /** From another tab, or this one. */
  take(entry: OutboxEntry): Promise<void> {
    const stored = this.replica.entries.has(entry.key) ? Promise.resolve() : this.replica.put({ entries: [entry] });
    return stored.then(() => this.poke());
  }

  /** There is a connection again, or something new to send. */
  poke(): void {
    if (!this.#running) return;
    for (const entry of this.replica.entries.values()) {
      if (entry.state !== 'queued' && entry.state !== 'sending') continue;
      if (entry.file !== undefined) {
        const upload = this.#upload(entry);
        if (entry.paused) upload.pause();
      }
      if (!this.#lanes.has(entry.conversationId)) void this.#lane(entry.conversationId);
    }
  }

  pause(key: string, on: boolean): void {
    const entry = this.replica.entries.get(key);
    const upload = this.#uploads.get(key);
    if (entry?.state !== 'queued' || upload === undefined || upload.value.state === 'done') return;
    if (on) upload.pause();
    else upload.resume();
    void this.replica.put({ entries: [this.#changed(entry, { paused: on })] });
    this.poke();
  }

  connected(): void {
    for (const wake of [...this.#pauses.values()]) wake();
    this.poke();
  }

  async #lane(conversationId: string): Promise<void> {
    const life = this.#life;
    this.#lanes.add(conversationId);
    let attempt = 0;
    for (let entry = this.#next(conversationId); entry !== undefined; entry = this.#next(conversationId)) {
      try {
        await this.#send(entry);
        attempt = 0;
      } catch (error) {
        if (life !== this.#life || isOver(error)) return;
        if (isOffline(error)) break;
        if (isRetryable(error)) await this.#pause(conversationId, delayOf(attempt++, this.clockwork.random(), error));
        else this.#fail(entry, error);
      }
      if (life !== this.#life) return;
    }
    this.#lanes.delete(conversationId);
  }

  /** ORDER: the first of the conversation, also when it was tried before. */
  #next(conversationId: string): OutboxEntry | undefined {
    let first: OutboxEntry | undefined;
    for (const entry of this.replica.entries.values())
      if (
        entry.conversationId === conversationId &&
        (entry.state === 'queued' || entry.state === 'sending') &&
        !entry.paused &&
        (first === undefined || entry.order < first.order)
      )
        first = entry;
    return first;
  }

  async #send(entry: OutboxEntry): Promise<void> {
    // On the disk before it leaves: a repeat after a crash has the same clientMsgId.
    await this.replica.flushed();
    const upload = entry.file && this.#upload(entry);
    if (upload) await Promise.race([upload.done, until(upload, ({ state }) => state === 'paused')]);
    // Paused: others come first.
    if (!this.replica.entries.has(entry.key) || (upload && upload.value.state !== 'done')) return;
    const file = await upload?.done;
    if (this.realtime.connection.value === undefined) throw this.errors('client.offline');
    this.replica.show({ entries: [this.#changed(entry, { state: 'sending' })] });
    const { type, content } = contentOf(entry, file);
    const { conversationId, clientMsgId, replyTo, mentions } = entry;
    try {
      const input = { conversationId, clientMsgId, type, content, replyTo, mentions };
      const sent = await this.realtime.command('message:send', plain(input) as SendInput);
      this.#settle(entry, sent, { type, content });
    } catch (error) {
      if (this.replica.entries.has(entry.key) && isRetryable(error))
        this.replica.show({ entries: [this.#changed(entry, { state: 'queued' })] });
      throw error;
    }
  }

  #settle(
    entry: OutboxEntry,
    sent: { messageId: string; seq: number; sentAt: string },
    final: { type: string; content: Record<string, unknown> },
  ): void {
    this.#letGo(entry.key);
    const known = this.replica.records.get(entry.conversationId);
    // Its event was here first, or will not be asked for any more.
    if (known === undefined || known.head.seq >= sent.seq) {
      void this.replica.put({ entriesGone: [entry.key] });
      return;
    }
    if (this.replica.entries.has(entry.key))
      void this.replica.put({ entries: [this.#changed(entry, { ...final, ...sent, state: 'committed' })] });
  }

  #fail(entry: OutboxEntry, error: unknown): void {
    this.#letGo(entry.key);
    if (!this.replica.entries.has(entry.key)) return;
    const plain = isPlainError(error)
      ? toPlain(error as ParleyError)
      : { code: 'server.internal', message: String(error) };
    void this.replica.put({ entries: [this.#changed(entry, { state: 'failed', error: plain })] });
  }

  #changed(entry: OutboxEntry, change: Partial<OutboxEntry>): OutboxEntry {
    const now = this.replica.entries.get(entry.key) ?? entry;
    return { ...now, ...change, version: now.version + 1 };
  }

  #upload(entry: OutboxEntry): Upload {
    const known = this.#uploads.get(entry.key);
    if (known !== undefined) return known;
    const { blob, name, uploads } = entry.file as NonNullable<OutboxEntry['file']>;
    const upload = this.uploader.start(blob, {
      name,
      conversationId: entry.conversationId,
      idempotencyKey: uploads === 0 ? entry.key : `${entry.key}-${uploads}`,
    });
    this.#uploads.set(entry.key, upload);
    // Whoever waits for its turn hears of it then.
    upload.done.catch(() => {
      if (this.#uploads.get(entry.key) === upload) this.#uploads.delete(entry.key);
    });
    this.onProgress(entry.key, upload.value);
    upload.subscribe((progress) => this.onProgress(entry.key, progress));
    return upload;
  }

  #letGo(key: string): void {
    const upload = this.#uploads.get(key);
    if (upload === undefined) return;
    this.#uploads.delete(key);
    upload.done.catch(() => {});
    if (upload.value.state !== 'done') upload.cancel();
    this.onProgress(key, undefined);
  }

  #pause(conversationId: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        stop();
        this.#pauses.delete(conversationId);
        resolve();
      };
      const stop = this.clockwork.after(ms, wake);
      this.#pauses.set(conversationId, wake);
    });
  }
}
