import type { Clockwork } from '../ports.js';

const FIRST_MS = 300;
const BASE_MS = 1000;
const LONGEST_MS = 30_000;

/** Full jitter, see "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): a server that comes back is not met by all at once. The first try is quick. */
export class Backoff {
  #failures = 0;

  constructor(private readonly clockwork: Pick<Clockwork, 'random'>) {}

  next(): number {
    const ceiling = this.#failures === 0 ? FIRST_MS : Math.min(LONGEST_MS, BASE_MS * 2 ** this.#failures);
    this.#failures += 1;
    return Math.round(this.clockwork.random() * ceiling);
  }

  reset(): void {
    this.#failures = 0;
  }
}
