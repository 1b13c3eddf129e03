import type { EndOverdueCalls, FactRelay, RingAgain } from '@parley/core-media-signal';
import { Logger } from '@nestjs/common';

const EVERY_MS = 500;
/** Ticks between two rings of a call that nobody hears. */
const RING_TICKS = 4;

/** Twice a second: ends calls whose time is over, rings again where nobody hears it, and brings starts and ends into the logs that a crash or an unavailable service kept out. */
export class CallSweeper {
  private readonly logger = new Logger(CallSweeper.name);
  private timer: ReturnType<typeof setInterval> | undefined;
  private ticks = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly overdue: EndOverdueCalls,
    private readonly facts: FactRelay,
    private readonly ring: RingAgain,
    private readonly everyMs = EVERY_MS,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.tick(), this.everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private tick(): void {
    this.running ??= this.sweep().finally(() => {
      this.running = undefined;
    });
  }

  private async sweep(): Promise<void> {
    this.ticks += 1;
    try {
      while ((await this.overdue.execute()) > 0);
      if (this.ticks % RING_TICKS === 0) await this.ring.execute();
    } catch (error) {
      this.logger.error(error);
    }
    try {
      await this.facts.flush();
    } catch (error) {
      this.logger.warn(`Starts and ends of calls wait for the message service: ${String(error)}`);
    }
  }
}
