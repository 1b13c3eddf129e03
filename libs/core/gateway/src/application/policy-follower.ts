import { DomainError } from '@parley/kernel';
import type { RevokedSessions } from '../domain/revoked-sessions.js';
import type { PolicySource } from '../ports/policy-source.js';
import type { PolicyEnforcer } from './policy-enforcer.js';

/** Revocations are asked for again this far back: one that was committed late must not fall between two questions. */
const OVERLAP_MS = 10_000;
const TRIES = 3;

/** Keeps this gateway on identity's newest version: at once when told, and by asking now and then. */
export class PolicyFollower {
  private revokedSince = 0;
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(
    private readonly source: PolicySource,
    private readonly enforcer: PolicyEnforcer,
    private readonly revoked: RevokedSessions,
  ) {}

  /** Resolves when `version` or a later one is in force; rejects when it cannot be had, and what was in force stays. */
  async reload(version: number): Promise<void> {
    for (let tried = 0; tried < TRIES && this.enforcer.version < version; tried += 1) await this.refresh();
    if (this.enforcer.version < version)
      throw new DomainError('server.unavailable', 'unavailable', { message: 'The policy cannot be loaded.' });
  }

  /** Fetches after this moment: callers that come while a fetch is under way share the one after it. */
  refresh(): Promise<void> {
    if (this.running === undefined) {
      this.running = this.fetch().finally(() => {
        this.running = undefined;
      });
      return this.running;
    }
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.refresh();
      });
    return this.next;
  }

  private async fetch(): Promise<void> {
    const update = await this.source.fetch(this.enforcer.version, this.revokedSince);
    // Before the set: a gateway that begins to let people in knows whom not to.
    this.revoked.learn(update.revoked);
    if (update.set !== undefined) await this.enforcer.load(update.set);
    this.revokedSince = Math.max(0, update.asOf - OVERLAP_MS);
  }
}
