import { State } from '../observable.js';
import type { Storage, StorageTable, StorageTransaction, Tabs } from '../ports.js';
import { memoryStorage } from './later-storage.js';
import type { ConversationRecord, OutboxEntry, Patch } from './shapes.js';
import { readStored, type Stored, writePatches } from './stored.js';

/** Revisions of one leader lie above those of all leaders before it. */
const TERM = 1_000_000_000;
const TABLES: readonly StorageTable[] = ['conversations', 'timeline', 'outbox', 'meta'];

interface Waiting {
  patch: Patch;
  /** Only a leader may write it: void when another leads by now. */
  fenced: boolean;
  done: () => void;
}

/**
 * What this device knows, in the memory of a tab; the same in every tab, and in the storage. Changed by patches only.
 * ORDER: a patch is applied here at once, then stored, then posted to the other tabs. So a tab that gets a patch finds it in the storage,
 * and whoever reads the storage and applies what patches came meanwhile (`watch`) misses nothing.
 * A leader takes a higher term in the storage; the writes of one that was replaced and does not know it yet are dropped there.
 */
export class Replica {
  readonly records = new Map<string, ConversationRecord>();
  readonly entries = new Map<string, OutboxEntry>();
  readonly drafts = new Map<string, string>();
  /** The storage failed: what is known is in the memory of this tab alone. */
  readonly degraded = new State(false);
  me = '';
  /** Resolves when what is stored has been read. */
  ready: Promise<void> = Promise.resolve();
  #storage: Storage;
  readonly #entriesGone = new Set<string>();
  readonly #listeners = new Set<(patch: Patch) => void>();
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #term = 0;
  #revs = 0;
  #life = 0;

  constructor(
    private readonly original: Storage,
    private readonly tabs: Tabs,
  ) {
    this.#storage = original;
    tabs.on('patches', (patches: readonly Patch[]) => {
      if (this.me !== '') for (const patch of patches) this.#apply(patch);
    });
  }

  /** Reads what is stored; patches that come meanwhile count more. Answers whether a sync was ever finished. */
  async start(me: string): Promise<boolean> {
    this.me = me;
    const life = ++this.#life;
    const watch = this.watch();
    const reading = this.read((tx) => readStored(tx));
    this.ready = reading.then(
      () => {},
      () => {},
    );
    const stored = await reading;
    if (life !== this.#life) return false;
    this.#take(stored);
    for (const patch of watch.stop()) this.#apply(patch);
    return stored.known;
  }

  stop(): void {
    this.#life++;
    this.me = '';
    this.#storage = this.original;
    this.degraded.set(false);
    for (const map of [this.records, this.entries, this.drafts, this.#entriesGone]) map.clear();
  }

  /** From now on this tab writes what the server says. Answers what the leader before it got to. */
  async lead(): Promise<{ known: boolean; cursor?: string | undefined }> {
    const life = this.#life;
    await this.flushed();
    const term = Math.max(this.#term, ...[...this.records.values()].map(({ rev }) => Math.floor(rev / TERM)));
    const stored = await this.#guarded((storage) =>
      storage.write(TABLES, async (tx) => {
        const next = Math.max(term, (await tx.get<number>('meta', 'term')) ?? 0) + 1;
        await tx.put('meta', 'term', next);
        return { ...(await readStored(tx)), term: next };
      }),
    );
    if (life !== this.#life) return { known: false };
    this.#term = stored.term;
    this.#revs = 0;
    // The storage has all that the leader before this one has told, and may have more.
    if (!this.degraded.value) this.#take(stored, true);
    return stored;
  }

  nextRev(): number {
    return this.#term * TERM + ++this.#revs;
  }

  /** On the leader: what the server said. Resolves when it is stored (or will never be). */
  commit(patch: Patch): Promise<void> {
    return this.#enqueue(patch, true);
  }

  /** On any tab: what the user did. */
  put(patch: Patch): Promise<void> {
    return this.#enqueue(patch, false);
  }

  /** In memory only, on all tabs. */
  show(patch: Patch): void {
    this.#apply(patch);
    this.tabs.post('patches', [patch]);
  }

  onPatch(listener: (patch: Patch) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Collects the patches from now on. */
  watch(): { patches: readonly Patch[]; stop(): readonly Patch[] } {
    const patches: Patch[] = [];
    const end = this.onPatch((patch) => patches.push(patch));
    const stop = () => {
      end();
      return patches;
    };
    return { patches, stop };
  }

  /** Reads the storage, in which all is that was applied here before. */
  async read<T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    await this.flushed();
    return this.#guarded((storage) => storage.read(TABLES, work));
  }

  async flushed(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  /** A refused or broken storage is replaced by memory, with all that this tab knows but the timelines. */
  async #guarded<T>(work: (storage: Storage) => Promise<T>): Promise<T> {
    const storage = this.#storage;
    try {
      return await work(storage);
    } catch (error) {
      if ((error as { code?: unknown }).code === 'client.signed_out' || this.me === '') throw error;
      if (this.#storage === storage) await this.#degrade();
      return work(this.#storage);
    }
  }

  async #degrade(): Promise<void> {
    const memory = memoryStorage();
    this.#storage = memory;
    this.degraded.set(true);
    const records = [...this.records.values()].map((record) => ({ ...record, ranges: [] }));
    for (const record of records) this.records.set(record.conversationId, record);
    await memory.write(TABLES, async (tx) => {
      await tx.put('meta', 'term', this.#term);
      await writePatches(tx, [{ records, entries: [...this.entries.values()], notes: { known: true } }], this.me);
    });
  }

  /** `share`: the other tabs may not have heard of it either. */
  #take(stored: Stored, share = false): void {
    const news = [...stored.records.values()].filter((one) => this.records.get(one.conversationId)?.rev !== one.rev);
    const reread = news.map((one) => one.conversationId);
    if (share && news.length > 0) this.tabs.post('patches', [{ records: news, reread }]);
    for (const id of this.records.keys()) if (!stored.records.has(id)) this.records.delete(id);
    for (const [id, record] of stored.records) this.records.set(id, record);
    for (const [key, entry] of stored.entries) {
      const known = this.entries.get(key);
      if (!this.#entriesGone.has(key) && (known?.version ?? 0) < entry.version) this.entries.set(key, entry);
    }
    for (const [id, text] of stored.drafts) this.drafts.set(id, text);
    const entries = [...stored.entries.values()];
    this.#tell({ records: [...stored.records.values()], entries, ...(share && { reread }) });
  }

  #enqueue(patch: Patch, fenced: boolean): Promise<void> {
    this.#apply(patch);
    return new Promise((done) => {
      this.#waiting.push({ patch, fenced, done });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    // What is decided in one go is one transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const life = this.#life;
      const me = this.me;
      let kept: Waiting[];
      try {
        kept = await this.#guarded((storage) =>
          storage.write(TABLES, async (tx) => {
            const mine = ((await tx.get<number>('meta', 'term')) ?? 0) === this.#term;
            const valid = batch.filter(({ fenced }) => mine || !fenced);
            await writePatches(
              tx,
              valid.map(({ patch }) => patch),
              me,
            );
            return valid;
          }),
        );
      } catch {
        // Signed out: nothing of it is wanted any more.
        kept = [];
      }
      if (life === this.#life && kept.length > 0)
        this.tabs.post(
          'patches',
          kept.map(({ patch }) => patch),
        );
      for (const { done } of batch) done();
    }
    // In the same breath as the last look at what waits: whatever comes next begins anew.
    this.#flushing = undefined;
  }

  /** Keeps of a patch what is news, and tells that. */
  #apply(patch: Patch): void {
    const records = patch.records?.filter((one) => (this.records.get(one.conversationId)?.rev ?? 0) < one.rev);
    const entries = patch.entries?.filter(
      (one) => !this.#entriesGone.has(one.key) && (this.entries.get(one.key)?.version ?? 0) < one.version,
    );
    for (const id of patch.removed ?? []) this.records.delete(id);
    for (const record of records ?? []) this.records.set(record.conversationId, record);
    for (const entry of entries ?? []) this.entries.set(entry.key, entry);
    for (const key of patch.entriesGone ?? []) {
      this.entries.delete(key);
      this.#entriesGone.add(key);
    }
    for (const { conversationId, text } of patch.drafts ?? [])
      if (text === '') this.drafts.delete(conversationId);
      else this.drafts.set(conversationId, text);
    this.#tell({ ...patch, ...(records && { records }), ...(entries && { entries }) });
  }

  #tell(patch: Patch): void {
    for (const listener of [...this.#listeners]) listener(patch);
  }
}
