import type { PolicyEnforcer, PolicyFollower } from '@parley/core-gateway';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

/** Until the first set is there nobody gets in, so it is asked for often; afterwards only in case a reload did not reach this node. */
const FIRST_MS = 100;
const THEN_MS = 2000;

/** Drives the follower: loads the policy from the start of the process on, and whenever identity says so. */
export class PolicyReloader implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PolicyReloader.name);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(
    private readonly follower: PolicyFollower,
    private readonly enforcer: PolicyEnforcer,
  ) {}

  /** For readiness: nothing is allowed before. */
  get isLoaded(): boolean {
    return this.enforcer.version > 0;
  }

  /** Resolves when `version` or a later one is in force here. */
  reload(version: number): Promise<void> {
    return this.follower.reload(version);
  }

  onApplicationBootstrap(): void {
    void this.ask();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    try {
      await this.follower.refresh();
    } catch (error) {
      // At the start identity may not listen yet; later a gateway goes on with what it has.
      if (this.isLoaded) this.logger.warn(error);
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.ask(), this.isLoaded ? THEN_MS : FIRST_MS);
    this.timer.unref();
  }
}
