import { type AccessTokens, KEY_CHECK_MS, type SessionStore } from '@parley/core-identity';
import type { Clock } from '@parley/kernel';
import { type Outbox, Sweeper } from '@parley/platform';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

/** Ended sessions are kept this long: their ids are still in tokens, and reuse of their refresh tokens is still told apart. */
const KEEP_ENDED_MS = 7 * 86_400_000;

/** What has to happen without anybody asking: the outbox's sweep, new signing keys, forgetting ended sessions. */
export class IdentityHousekeeping implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(IdentityHousekeeping.name);
  // In every replica: each signs with the newest key that it knows.
  private readonly sweeper = new Sweeper({
    name: 'identity.housekeeping',
    everyMs: KEY_CHECK_MS,
    work: () => this.tidy(),
  });

  constructor(
    private readonly tokens: AccessTokens,
    private readonly sessions: SessionStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.outbox.start((error) => this.logger.warn(error));
    this.sweeper.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sweeper.stop();
    await this.outbox.stop();
  }

  async tidy(): Promise<void> {
    await this.tokens.rotate();
    await this.sessions.prune(this.clock.now() - KEEP_ENDED_MS);
  }
}
