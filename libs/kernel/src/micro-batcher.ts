export interface MicroBatcherOptions {
  /** A batch leaves at once when it holds this many items. */
  maxItems: number;
  /** What gathered while others were under way leaves in batches of at most this many. Default `maxItems`. */
  maxBatch?: number;
  /** The longest an item waits for company, in milliseconds, while nothing is in flight. */
  maxWaitMs: number;
  /** Items that may wait or be in flight; one more is refused by `onFull`. Bounds memory under overload. */
  maxQueued: number;
  /** Batches under way at once. 1 keeps the order of items over batches. */
  maxInFlight?: number;
}

interface Waiting<I, O> {
  item: I;
  resolve: (value: O) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers single items into batches for a hop that is cheaper by the batch. ORDER: items leave in the order they came; with
 * `maxInFlight` 1 a batch starts only when the one before it has ended, so the hop sees one total order.
 * While a batch is under way the next one fills, so batches grow by themselves under load.
 */
export class MicroBatcher<I, O> {
  private waiting: Waiting<I, O>[] = [];
  private inFlight = 0;
  private inFlightItems = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    /** Answers one output or one error per item, in the items' order. A rejection fails the whole batch. */
    private readonly run: (items: I[]) => Promise<(O | Error)[]>,
    private readonly options: MicroBatcherOptions,
    private readonly onFull: () => Error,
  ) {}

  /** Items waiting or under way. */
  get depth(): number {
    return this.waiting.length + this.inFlightItems;
  }

  add(item: I): Promise<O> {
    if (this.depth >= this.options.maxQueued) return Promise.reject(this.onFull());
    return new Promise<O>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.waiting.length >= this.options.maxItems) this.flush();
      else this.timer ??= setTimeout(() => this.flush(), this.options.maxWaitMs);
    });
  }

  private flush(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = undefined;
    const limit = this.options.maxInFlight ?? 1;
    while (this.waiting.length > 0 && this.inFlight < limit) {
      const batch = this.waiting.splice(0, this.options.maxBatch ?? this.options.maxItems);
      void this.send(batch);
    }
  }

  private async send(batch: Waiting<I, O>[]): Promise<void> {
    this.inFlight += 1;
    this.inFlightItems += batch.length;
    try {
      const results = await this.run(batch.map((w) => w.item));
      for (const [i, w] of batch.entries()) {
        const result = results[i];
        if (result instanceof Error) w.reject(result);
        else w.resolve(result as O);
      }
    } catch (error) {
      for (const w of batch) w.reject(error);
    } finally {
      this.inFlight -= 1;
      this.inFlightItems -= batch.length;
      if (this.waiting.length > 0) {
        if (this.waiting.length >= this.options.maxItems) this.flush();
        else this.timer ??= setTimeout(() => this.flush(), this.options.maxWaitMs);
      }
    }
  }
}
