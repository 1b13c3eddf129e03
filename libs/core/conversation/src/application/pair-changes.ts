import type { Clock, IdGenerator, UserId } from '@parley/kernel';
import { pairOf } from '../domain/conversation.js';
import { type PairRules, UserPair } from '../domain/user-pair.js';
import type { PairStore } from '../ports/pair-store.js';

/** The way of every change between two users. */
export class PairChanges {
  constructor(
    private readonly store: PairStore,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
    private readonly rules: PairRules,
  ) {}

  apply<T>(one: UserId, other: UserId, verb: (pair: UserPair) => T): Promise<T> {
    return this.store.change(pairOf(one, other), (loaded) => {
      const pair = new UserPair(loaded, this.clock.now(), this.ids, this.rules);
      const result = verb(pair);
      return { result, changes: pair.changes };
    });
  }
}
