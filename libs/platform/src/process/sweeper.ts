import type { Leases } from '@parley/adapter-sql';
import { Logger } from '@nestjs/common';

export interface SweeperOptions {
  /** Names the lease and the log lines: `<service>.<what>`. */
  name: string;
  everyMs: number;
  /** What throws is logged, and tried again the next time. */
  work: () => Promise<unknown>;
  /** Of the service's database: the work is done once per period, whatever the number of replicas. Absent: by each of them. */
  leases?: Leases;
}

/** The lease ends a little before the period, or its holder would find it taken at its own next tick. */
const LEASE_PART = 0.9;

/**
 * Work that nobody asks for, done every now and then, one at a time. With leases, whoever ticks first has the period: the others
 * find it taken, and follow within one period when that one dies. A process that was stopped in the middle may still be at it
 * then, so the work has to be right when done twice; the lease keeps it from being done twice for nothing.
 */
export class Sweeper {
  private readonly logger: Logger;
  private timer: ReturnType<typeof setInterval> | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly options: SweeperOptions) {
    this.logger = new Logger(`Sweeper ${options.name}`);
  }

  start(): void {
    this.timer = setInterval(() => this.tick(), this.options.everyMs);
    this.timer.unref();
  }

  /** Resolves when the work at hand is done. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private tick(): void {
    this.running ??= this.sweep()
      .catch((error: unknown) => this.logger.warn(error))
      .finally(() => {
        this.running = undefined;
      });
  }

  private async sweep(): Promise<void> {
    const { name, everyMs, work, leases } = this.options;
    if (leases === undefined) return void (await work());
    const ttlMs = everyMs * LEASE_PART;
    const lease = await leases.tryTake(`sweep ${name}`, ttlMs);
    if (lease === undefined) return;
    // Never given back: it is what tells the others that this period's work is done. Kept while the work takes longer.
    const keeping = setInterval(() => void lease.renew().catch(() => undefined), ttlMs / 3);
    keeping.unref();
    try {
      await work();
    } finally {
      clearInterval(keeping);
    }
  }
}
