import type { Clockwork } from '../ports.js';

/** Time that stands still until it is told to pass; chance that is always the same. */
export class FakeClockwork implements Clockwork {
  private time = Date.UTC(2026, 0, 1);
  private readonly timers = new Map<number, { at: number; work: () => void }>();
  private made = 0;
  chance = 0.5;

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  uuid(): string {
    this.made += 1;
    return `uuid-${this.made}`;
  }

  after(ms: number, work: () => void): () => void {
    this.made += 1;
    const id = this.made;
    this.timers.set(id, { at: this.time + ms, work });
    return () => void this.timers.delete(id);
  }

  get waiting(): number {
    return this.timers.size;
  }

  /** Lets time pass, timer by timer; what each sets off settles before the next. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (;;) {
      const next = [...this.timers].sort(([, one], [, other]) => one.at - other.at)[0];
      if (next === undefined || next[1].at > end) break;
      this.timers.delete(next[0]);
      this.time = Math.max(this.time, next[1].at);
      next[1].work();
      await settled();
    }
    this.time = end;
    await settled();
  }

  /** Timers stood still meanwhile. */
  sleep(ms: number): void {
    this.time += ms;
  }
}

/** Promises that wait for nothing but each other have settled. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

// Specs run in Node; the SDK itself is built without its types.
declare function setImmediate(work: (value: unknown) => void): unknown;
