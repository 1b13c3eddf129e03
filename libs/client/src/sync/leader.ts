import type { Conversation, ConversationEvent } from '../api.js';
import type { DataParts } from '../data.js';
import type { Observable } from '../observable.js';
import { Sender } from '../outbox/sender.js';
import type { Replica } from '../store/replica.js';
import type { ConversationRecord, OutboxEntry } from '../store/shapes.js';
import type { UploadProgress } from '../types.js';
import { Cursors } from './cursors.js';
import { SyncEngine } from './engine.js';
import { Filler } from './filler.js';
import { Ledger } from './ledger.js';
import { needsRefresh } from './state-after.js';
import { Watches } from './watches.js';

/** After an event that only the server can explain. Many in a row are one question. */
const REFRESH_AFTER_MS = 500;

/** What only the leading tab does: it hears the server, keeps the replica true, and sends what waits. */
export class Leader {
  readonly #ledger: Ledger;
  readonly #filler: Filler;
  readonly #cursors: Cursors;
  readonly #watches: Watches;
  readonly #engine: SyncEngine;
  readonly #sender: Sender;
  readonly #refreshing = new Map<string, () => void>();
  /** Leads, and has read what is stored. */
  #active = false;
  #term = 0;
  /** Resolves when this tab is ready to answer as a leader. */
  #taken: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: DataParts,
    private readonly replica: Replica,
    onProgress: (key: string, progress: UploadProgress | undefined) => void,
    private readonly onOnline: () => void,
  ) {
    const { rest, realtime, tabs, clockwork, uploader, people, errors } = parts;
    const arrived = (record: ConversationRecord, events: readonly ConversationEvent[]) => {
      this.#cursors.arrived(record, events);
      if (events.some((event) => needsRefresh(event, replica.me))) this.#refreshSoon(record);
    };
    this.#ledger = new Ledger(replica, people, arrived, (conversationId) => this.#cursors.recount(conversationId));
    this.#filler = new Filler(rest, replica, this.#ledger, clockwork);
    this.#cursors = new Cursors(realtime, replica, this.#ledger, this.#filler, clockwork);
    this.#watches = new Watches(realtime, replica, this.#filler, tabs);
    this.#engine = new SyncEngine(rest, realtime, replica, this.#ledger, this.#filler, clockwork);
    this.#sender = new Sender(realtime, replica, uploader, clockwork, errors, onProgress);
    this.#listen();
    this.#answer();
  }

  get caughtUp(): Observable<boolean> {
    return this.#engine.caughtUp;
  }

  /** Takes over, or lets go. */
  async lead(leads: boolean): Promise<void> {
    const term = ++this.#term;
    if (!leads) return this.#stop();
    let take = () => {};
    this.#taken = new Promise((resolve) => (take = resolve));
    try {
      const { known, cursor } = await this.replica.lead();
      if (term !== this.#term) return;
      this.#active = true;
      this.#engine.begin(known, cursor);
      this.#sender.start();
      this.#connect();
    } catch {
      // Signed out meanwhile: there is nothing to lead.
    } finally {
      take();
    }
  }

  #stop(): void {
    this.#active = false;
    this.#filler.stop();
    this.#cursors.stop();
    this.#watches.stop();
    this.#sender.stop();
    this.#engine.connect(undefined);
    for (const stop of this.#refreshing.values()) stop();
    this.#refreshing.clear();
  }

  #connect(): void {
    const connection = this.#active ? this.parts.realtime.connection.value : undefined;
    this.#cursors.online(false);
    this.#watches.connect(connection !== undefined);
    this.#engine.connect(connection);
    if (connection === undefined) return;
    this.#sender.connected();
    this.onOnline();
  }

  /** Pushes that come before this tab is ready are in the answer of the `sync` that follows. */
  #listen(): void {
    const { realtime } = this.parts;
    const when =
      <T>(work: (payload: T) => void) =>
      (payload: T) => {
        if (this.#active) work(payload);
      };
    realtime.connection.subscribe(() => this.#connect());
    this.#engine.caughtUp.subscribe((caughtUp) => this.#cursors.online(caughtUp));
    realtime.on(
      'conversation:events',
      when((push) => this.#engine.pushed(push)),
    );
    realtime.on(
      'conversation:added',
      when((push) => this.#engine.added(push)),
    );
    realtime.on(
      'conversation:removed',
      when((push) => this.#engine.removed(push)),
    );
    realtime.on(
      'cursor:changed',
      when((push) => this.#cursors.changed(push)),
    );
    realtime.on(
      'message:deleted',
      when(({ conversationId, seq, messageId }) => this.#ledger.hide(conversationId, seq, messageId)),
    );
    realtime.on(
      'conversation:settings',
      when((push) => this.#settings(push)),
    );
  }

  /** What other tabs, and this one, ask of whoever leads. */
  #answer(): void {
    const { tabs } = this.parts;
    const handle = <I>(method: string, work: (input: I, tab: string) => unknown) =>
      tabs.answer(method, async (input: never, tab) => {
        await this.#taken;
        return (await work(input, tab)) as unknown;
      });
    handle<string>('refresh', async (id) => void (await this.#filler.refresh(id)));
    handle<string>('drop', (id) => this.#ledger.remove([id]));
    handle<Conversation>('told', (conversation) => this.#ledger.states([conversation]));
    handle<Settings>('settings', (change) => this.#settings(change));
    handle<{ conversationId: string; afterSeq: number; to: number }>('page', ({ conversationId, afterSeq, to }) =>
      this.#filler.page(conversationId, afterSeq, to),
    );
    handle<{ conversationId: string; seq: number }>('read', ({ conversationId, seq }) =>
      this.#cursors.markRead(conversationId, seq),
    );
    handle<{ conversationId: string; on: boolean }>('watch', ({ conversationId, on }, tab) =>
      this.#watches.set(conversationId, tab, on),
    );
    handle<Hidden>('hide', ({ conversationId, seq, messageId }) => this.#ledger.hide(conversationId, seq, messageId));
    handle<OutboxEntry>('outbox', (entry) => this.#sender.take(entry));
    handle<{ key: string; on: boolean }>('pause', ({ key, on }) => this.#sender.pause(key, on));
  }

  #settings({ conversationId, settings }: Settings): void {
    this.#ledger.change(conversationId, ({ state }) => ({ state: { ...state, settings } }));
  }

  #refreshSoon({ conversationId }: ConversationRecord): void {
    this.#refreshing.get(conversationId)?.();
    const refresh = () => {
      this.#refreshing.delete(conversationId);
      this.#filler.refresh(conversationId).catch(() => {
        // The next sync says it.
      });
    };
    this.#refreshing.set(conversationId, this.parts.clockwork.after(REFRESH_AFTER_MS, refresh));
  }
}

interface Hidden {
  conversationId: string;
  seq: number;
  messageId: string;
}

interface Settings {
  conversationId: string;
  settings: Conversation['settings'];
}
