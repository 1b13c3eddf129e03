import { tooManySignals } from '../domain/call.errors.js';

const MAX_WAITING = 500;

interface Chain {
  last: Promise<unknown>;
  length: number;
}

/**
 * One thing after the other for each key. ORDER: what is handed over first is done first, to its end. For the order in which one
 * process sends; what is true rests on the store's versions.
 */
export class InOrder {
  private readonly chains = new Map<string, Chain>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const chain = this.chains.get(key) ?? { last: Promise.resolve(), length: 0 };
    if (chain.length >= MAX_WAITING) return Promise.reject(tooManySignals());
    this.chains.set(key, chain);
    chain.length += 1;
    const mine = chain.last.then(work);
    chain.last = mine
      .catch(() => undefined)
      .finally(() => {
        chain.length -= 1;
        if (chain.length === 0) this.chains.delete(key);
      });
    return mine;
  }

  /** Keys with something under way. */
  get size(): number {
    return this.chains.size;
  }
}
