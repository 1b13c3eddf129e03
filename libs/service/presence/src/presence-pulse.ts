import type { LastSeenJournal, PresenceTracker, Sessions } from '@parley/core-presence';
import { Logger } from '@nestjs/common';

const TICK_MS = 50;
const FLUSH_MS = 1000;
const EXPIRE_MS = 2000;
const SWEEP_MS = 60_000;

/** What presence does by itself. Ticks only while there is something to tell, so an idle server stays idle. */
export class PresencePulse {
  private readonly logger = new Logger('presence');
  private ticking: ReturnType<typeof setInterval> | undefined;
  private timers: ReturnType<typeof setInterval>[] = [];
  private running = false;

  constructor(
    private readonly tracker: PresenceTracker,
    private readonly sessions: Sessions,
    private readonly lastSeen: LastSeenJournal,
  ) {}

  begin(): void {
    this.every(FLUSH_MS, () => this.lastSeen.flush());
    this.every(EXPIRE_MS, async () => {
      await this.sessions.expire();
      this.start();
    });
    this.every(SWEEP_MS, () => this.sessions.sweepWatches());
  }

  /** There may be changes to tell. */
  start(): void {
    if (this.ticking !== undefined || !this.tracker.busy) return;
    this.ticking = setInterval(() => void this.tick(), TICK_MS);
  }

  async end(): Promise<void> {
    clearInterval(this.ticking);
    for (const timer of this.timers) clearInterval(timer);
    await this.lastSeen.flush().catch((error: unknown) => this.logger.error(error));
  }

  private async tick(): Promise<void> {
    if (this.running) return;
    this.running = true;
    await this.tracker.tick();
    this.running = false;
    if (!this.tracker.busy) {
      clearInterval(this.ticking);
      this.ticking = undefined;
    }
  }

  private every(ms: number, work: () => Promise<void>): void {
    // Once per outage: what is away says so itself, and this comes every second or two.
    let fails = false;
    const timer = setInterval(() => {
      work().then(
        () => (fails = false),
        (error: unknown) => {
          if (!fails) this.logger.warn(error);
          fails = true;
        },
      );
    }, ms);
    timer.unref();
    this.timers.push(timer);
  }
}
