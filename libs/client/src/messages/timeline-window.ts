import { batched } from '../batch.js';
import type { ParleyError } from '../errors.js';
import { State } from '../observable.js';
import type { Replica } from '../store/replica.js';
import type { Patch, Row, TimelinePatch } from '../store/shapes.js';
import type { TimelineItem, WindowState } from '../types.js';
import type { ItemKeys } from './items.js';
import { itemOfRow } from './items.js';
import { floorOf, type Loaded, type Loader, STEP, TimelineGone } from './loader.js';
import { Slice } from './slice.js';

const EMPTY: WindowState = { items: [], hasOlder: false, hasNewer: false, loading: undefined };
/** Lines that a window keeps which nobody looks at. */
const KEPT = 100;
/** How many pages it goes by itself to the end. */
const PAGES = 20;

type Loading = WindowState['loading'];

/** One contiguous part of a timeline, moved by loads and kept true by patches; at the log's end it grows with it. */
export class TimelineWindow {
  readonly state = new State<WindowState>(EMPTY);
  slice: Slice | undefined;
  /** It shows the end of the log. */
  atHead = false;
  /** Somebody looks at it. */
  wanted = false;
  /** It fell behind the end, and goes there by itself. */
  lags = false;
  private loading: Loading;
  private error: ParleyError | undefined;
  /** Patches that come while rows are read: applied once more to what was read. */
  #isOut = false;
  readonly #loads = new Set<Patch[]>();
  #turn: Promise<unknown> = Promise.resolve();
  private life = 0;
  readonly #publish = batched(() => this.#publishNow());

  constructor(
    readonly conversationId: string,
    private readonly replica: Replica,
    private readonly loader: Loader,
    private readonly keys: ItemKeys,
    /** What is in the outbox, to be shown at the end. */
    private readonly pending: () => readonly TimelineItem[],
    private readonly overlay: (item: TimelineItem) => TimelineItem,
  ) {}

  open(): Promise<void> {
    this.wanted = true;
    return this.#run('initial', async () => (this.slice === undefined ? this.#loadLatest() : undefined));
  }

  release(): void {
    this.wanted = false;
    if (!this.atHead) this.#clear();
    else this.slice?.trim(STEP);
    this.#publish();
  }

  /** Nobody is signed in any more. */
  reset(): void {
    this.#clear();
    this.error = undefined;
    this.loading = undefined;
    this.state.set(EMPTY);
  }

  loadOlder(): Promise<void> {
    return this.#run('older', async () => {
      if (this.slice === undefined) return this.#loadLatest();
      if (!this.#hasOlder()) return undefined;
      const { slice } = this;
      const { from } = slice;
      return this.#load(
        () => this.loader.older(this.conversationId, from),
        ({ range, rows }) => {
          if (this.slice === slice && slice.from === from) slice.prepend(range[0], rows);
        },
      );
    });
  }

  loadNewer(): Promise<void> {
    return this.#run('newer', async () => {
      const { slice } = this;
      if (slice === undefined) return this.#loadLatest();
      if (this.atHead) return undefined;
      const { to } = slice;
      return this.#load(
        () => this.loader.newer(this.conversationId, to),
        ({ range, rows }) => {
          if (this.slice === slice && slice.to === to) slice.append(range[1], rows);
          this.#lookForHead();
        },
      );
    });
  }

  toLatest(): Promise<void> {
    return this.#run('jump', async () => (this.atHead ? undefined : this.#loadLatest()));
  }

  /** Brings a seq into the window. */
  jump(seq: number): Promise<void> {
    return this.#run('jump', async () => {
      if (this.slice !== undefined && this.slice.from <= seq && seq <= this.slice.to) return undefined;
      await this.loader.known(this.conversationId);
      return this.#load(
        () => this.loader.around(this.conversationId, seq),
        (loaded) => this.#show(loaded),
      );
    });
  }

  take(patch: Patch): void {
    for (const load of this.#loads) load.push(patch);
    const isRemoved = patch.removed?.includes(this.conversationId);
    if (isRemoved || patch.resets?.includes(this.conversationId)) {
      this.#clear();
      // Who was taken out has nothing to ask for, until they are in again.
      this.#isOut = isRemoved === true;
      if (this.#isOut) this.#publish();
      else if (this.wanted) void this.open();
    } else if (this.#isOut && this.#isIn(patch)) {
      this.#isOut = false;
      if (this.wanted) void this.open();
    }
    if (patch.reread?.includes(this.conversationId)) void this.#reread();
    if (this.#applyTo(patch) && !this.wanted && this.slice !== undefined && this.slice.length > KEPT)
      this.slice.trim(STEP);
  }

  /** Shows again what lies beside the timeline: outbox, reactions under way. */
  touch(messageId?: string): void {
    if (messageId !== undefined) this.slice?.refresh(messageId);
    this.#publish();
  }

  #applyTo(patch: Patch, extend = this.atHead): boolean {
    let touched = false;
    for (const timeline of patch.timelines ?? [])
      if (timeline.conversationId === this.conversationId && this.#applyTimeline(timeline, extend)) touched = true;
    if (this.#isIn(patch)) this.#followHead();
    if (touched) this.#publish();
    return touched;
  }

  #isIn(patch: Patch): boolean {
    return patch.records?.some((record) => record.conversationId === this.conversationId) === true;
  }

  #applyTimeline(timeline: TimelinePatch, extend: boolean): boolean {
    const { slice } = this;
    if (slice === undefined) return false;
    const { cover, rows = [] } = timeline;
    let touched = slice.take(timeline);
    if (cover !== undefined && extend && cover[1] > slice.to) {
      // ORDER: only what follows without a hole.
      if (cover[0] <= slice.to + 1) {
        slice.append(cover[1], rows);
        // A row may have come before the edit that is in the same patch.
        slice.take({ ...timeline, rows: [] });
        touched = true;
      }
    }
    return touched;
  }

  async #loadLatest(): Promise<void> {
    await this.loader.known(this.conversationId);
    // As it is at this moment: from here on patches are collected.
    const record = this.replica.records.get(this.conversationId);
    if (record === undefined) return;
    await this.#load(
      () => this.loader.latest(record),
      (loaded) => this.#show(loaded),
    );
  }

  #show({ range, rows }: Loaded): void {
    const itemOf = (row: Row) => this.overlay(itemOfRow(row, this.replica.me, this.keys));
    this.slice = new Slice(range, rows, itemOf, this.replica.me);
    this.atHead = false;
    this.lags = false;
    this.#lookForHead();
  }

  /** Reads, shows, and applies once more what came meanwhile. */
  async #load(read: () => Promise<Loaded>, use: (loaded: Loaded) => void): Promise<void> {
    const { life } = this;
    const meanwhile: Patch[] = [];
    this.#loads.add(meanwhile);
    try {
      const loaded = await read();
      if (life !== this.life) return;
      use(loaded);
      // What was read ends where the log ended then: it may have grown since.
      for (const patch of meanwhile) this.#applyTo(patch, true);
      this.#lookForHead();
    } catch (error) {
      if (!(error instanceof TimelineGone)) throw error;
    } finally {
      this.#loads.delete(meanwhile);
    }
  }

  /** One after the other: each begins where the last has ended. */
  #run(loading: Loading, work: () => Promise<void> | undefined): Promise<void> {
    const { life } = this;
    const turn = this.#turn.then(async () => {
      if (life !== this.life && loading !== 'initial') return;
      this.loading = loading;
      this.#publish();
      try {
        await work();
        this.error = undefined;
      } catch (error) {
        this.error = error as ParleyError;
      } finally {
        this.loading = undefined;
        this.#publishNow();
      }
    });
    this.#turn = turn;
    return turn;
  }

  /** The log has more than patches have brought: a tab that led before told the storage, and was gone before it told the others. */
  #followHead(): void {
    const head = this.replica.records.get(this.conversationId)?.head.seq ?? 0;
    if (!this.atHead || this.slice === undefined || this.slice.to >= head) return this.#lookForHead();
    if (!this.wanted) return this.#clear();
    this.atHead = false;
    this.lags = true;
    void this.catchUp();
  }

  /** Whoever looked at the end is brought there again. */
  async catchUp(): Promise<void> {
    for (let page = 0; page < PAGES && this.lags && this.wanted; page++) {
      const to = this.slice?.to;
      await this.loadNewer();
      if (this.slice?.to === to) return;
    }
  }

  /** Edits that were stored and not told. */
  async #reread(): Promise<void> {
    const { slice } = this;
    if (slice === undefined) return;
    const rows = await this.loader.stored(this.conversationId, [slice.from, slice.to]).catch(() => undefined);
    if (rows !== undefined && this.slice === slice && slice.take({ conversationId: this.conversationId, ...rows }))
      this.#publish();
  }

  #lookForHead(): void {
    const head = this.replica.records.get(this.conversationId)?.head.seq;
    if (this.slice === undefined || head === undefined || this.slice.to < head) return;
    this.atHead = true;
    this.lags = false;
  }

  #hasOlder(): boolean {
    const record = this.replica.records.get(this.conversationId);
    return this.slice !== undefined && record !== undefined && this.slice.from > floorOf(record);
  }

  #clear(): void {
    this.life++;
    this.slice = undefined;
    this.atHead = false;
    this.lags = false;
    this.#publish();
  }

  #publishNow(): void {
    const { slice, loading, error } = this;
    const items = slice?.snapshot ?? [];
    if (this.atHead || slice === undefined) items.push(...this.pending());
    this.state.set({
      items,
      hasOlder: this.#hasOlder(),
      hasNewer: slice !== undefined && !this.atHead,
      loading,
      ...(error && { error }),
    });
  }
}
