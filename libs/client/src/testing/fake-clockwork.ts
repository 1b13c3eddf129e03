import type { Clockwork } from '../ports.js';

/** Time that a test moves. Chance is always the middle. */
export class FakeClockwork implements Clockwork {
  private time = 1_700_000_000_000;
  private made = 0;
  private timers: { at: number; work: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.time + ms, work };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((one) => one !== timer));
  }

  random(): number {
    return 0.5;
  }

  uuid(): string {
    return `uuid-${++this.made}`;
  }

  get waiting(): number {
    return this.timers.length;
  }

  /** Runs what is due, in its order, what it leads to included. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      await settled();
      const due = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.time = Math.max(this.time, due.at);
      this.timers = this.timers.filter((one) => one !== due);
      due.work();
    }
    this.time = until;
  }
}

/** What was begun and waits for nothing from outside has been done. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}
