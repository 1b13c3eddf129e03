import type { Scene } from './stage.js';

/** One thing that goes wrong under traffic, and its end. */
export interface Scenario {
  name: string;
  /** Resolves when the fault is there, or, for one that has no lasting state, over. */
  begin(scene: Scene): Promise<void>;
  /** Ends it. Without it, the fault is over when it has begun. */
  end?(scene: Scene): Promise<void>;
  /** What is left is enough: everything is well again while the fault lasts, within this time from its begin. */
  healsByItselfMs?: number;
  /** How long it lasts at least. */
  lastsMs?: number;
  /** From its end until all is well, at most. */
  healsWithinMs: number;
  /** What else has to hold at the end. Answers what does not. */
  after?(scene: Scene): Promise<string[]>;
  /** Needs a proxy on every way. */
  proxied?: true;
  /** Of all devices together, where the usual would be too much. */
  sendsPerSecond?: number;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
