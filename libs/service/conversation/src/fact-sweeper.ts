import type { FactRelay } from '@parley/core-conversation';
import { Logger } from '@nestjs/common';

const SWEEP_MS = 1000;

/** Repeats, once a second, what a crash or an unavailable message service kept out of the log. One sweep at a time. */
export class FactSweeper {
  private readonly logger = new Logger(FactSweeper.name);
  private timer: ReturnType<typeof setInterval> | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly relay: FactRelay,
    private readonly everyMs = SWEEP_MS,
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
    try {
      for (const error of await this.relay.sweep())
        this.logger.warn(`Facts wait for the message service: ${String(error)}`);
    } catch (error) {
      this.logger.error(error);
    }
  }
}
