import type { CollectFiles } from '@parley/core-file';
import { Logger } from '@nestjs/common';

const EVERY_MS = 60_000;

/** Runs the collection once a minute, one at a time. Several processes may: each step is conditional. */
export class FileCollection {
  private readonly logger = new Logger(FileCollection.name);
  private timer: ReturnType<typeof setInterval> | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly files: CollectFiles,
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
    this.running ??= this.collect().finally(() => {
      this.running = undefined;
    });
  }

  private async collect(): Promise<void> {
    try {
      while ((await this.files.execute()) > 0);
    } catch (error) {
      this.logger.warn(`Abandoned files wait for the next collection: ${String(error)}`);
    }
  }
}
