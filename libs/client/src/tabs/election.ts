import { State } from '../observable.js';
import type { Locks, Platform } from '../platform/platform.js';

/**
 * One tab leads: the one that holds the lock, until it is closed, crashes, is frozen or put aside, or does not answer any more and another takes the lock from it.
 * Web Locks are queued, so the next tab leads as soon as the lock is free.
 */
export class Election {
  readonly leading = new State(false);
  private release: (() => void) | undefined;
  #queued: AbortController | undefined;
  #closed = false;
  readonly #stopListening: () => void;

  constructor(
    private readonly locks: Locks,
    private readonly name: string,
    platform: Platform,
  ) {
    this.#stopListening = platform.on((event) => {
      if (event === 'hide') this.resign();
      else if (event === 'show') this.stand();
    });
    this.stand();
  }

  /** Queues up for the lock; does nothing where this tab leads or waits already. */
  stand(options: { steal?: boolean } = {}): void {
    if (this.#closed || this.release !== undefined) return;
    if (options.steal !== true && this.#queued !== undefined) return;
    this.#queued?.abort();
    const queued = new AbortController();
    this.#queued = queued;
    const lead = () =>
      new Promise<void>((resolve) => {
        if (queued.signal.aborted) return resolve();
        this.release = resolve;
        this.leading.set(true);
      });
    // A request that steals cannot be called off, see https://w3c.github.io/web-locks/#api-lock-manager-request
    this.locks
      .request(this.name, options.steal === true ? { steal: true } : { signal: queued.signal }, lead)
      .catch(() => {
        // Called off, or the lock was taken from us.
        if (this.#queued !== queued) return;
        this.#lost();
        this.stand();
      });
  }

  resign(): void {
    this.#queued?.abort();
    const { release } = this;
    this.#lost();
    release?.();
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.resign();
  }

  #lost(): void {
    this.#queued = undefined;
    this.release = undefined;
    this.leading.set(false);
  }
}
