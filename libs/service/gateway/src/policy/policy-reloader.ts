import { policyV1, type RpcClients } from '@parley/contracts/rpc';
import type { PolicyEnforcer, PolicyFollower, SessionRegistry } from '@parley/core-gateway';
import { DomainError } from '@parley/kernel';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EnforcementLease } from './enforcement-lease.js';

/** Until the first set is there nobody gets in, so it is asked for often; afterwards only in case a reload did not reach this node. */
const FIRST_MS = 100;
/** Also what a node may be behind that identity does not know of yet: less than the second of G12. */
const THEN_MS = 750;
/** Sockets that had to be closed come back over this time. */
const RECONNECT_SPREAD_MS = 5000;

/**
 * Drives the follower: loads the policy from the start of the process on, and whenever identity says so. A node that has not heard of identity for
 * the time of its lease may have been left out of a revocation: it closes its sockets and lets nobody in until it has. While identity is certainly not
 * running anywhere, nothing can have been revoked and the lease goes on.
 */
export class PolicyReloader implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PolicyReloader.name);
  private readonly lease = new EnforcementLease();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  private isSuspended = false;

  constructor(
    private readonly follower: PolicyFollower,
    private readonly enforcer: PolicyEnforcer,
    private readonly registry: SessionRegistry,
    private readonly rpc: RpcClients,
  ) {}

  /** For readiness: nothing is allowed otherwise. */
  get isLoaded(): boolean {
    return this.enforcer.version > 0 && !this.lease.isOver;
  }

  /** Resolves when `version` or a later one is in force here. */
  reload(version: number): Promise<void> {
    return this.follower.reload(version);
  }

  /** Throws `server.unavailable` when this node must not send anything to anybody. Asked before each delivery: a process that wakes up finds those first. */
  requireLease(): void {
    if (!this.lease.isOver) return;
    this.suspend();
    throw new DomainError('server.unavailable', 'unavailable', { message: 'This node has lost touch with identity.' });
  }

  onApplicationBootstrap(): void {
    void this.ask();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    if (this.lease.isOver) this.suspend();
    const askedAt = performance.now();
    try {
      await this.follower.refresh();
      this.lease.renew(askedAt);
      this.resume();
    } catch (error) {
      // At the start identity may not listen yet; later a gateway goes on with what it has.
      if (this.isLoaded) this.logger.warn(error);
      // Not for one that was suspended: it has yet to learn what it missed.
      if (!this.lease.isOver && (await this.rpc.isGone(policyV1.PolicyServiceService))) this.lease.renew(askedAt);
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.ask(), this.enforcer.version > 0 && !this.isSuspended ? THEN_MS : FIRST_MS);
    this.timer.unref();
  }

  private suspend(): void {
    if (this.isSuspended) return;
    this.isSuspended = true;
    this.enforcer.suspend();
    const sockets = [...this.registry.all()];
    this.logger.error(`Nothing heard of identity for too long: ${sockets.length} sockets are closed.`);
    for (const socket of sockets)
      socket.close('server.unavailable', 'reconnect', Math.floor(Math.random() * RECONNECT_SPREAD_MS));
  }

  private resume(): void {
    if (!this.isSuspended) return;
    this.isSuspended = false;
    this.enforcer.resume();
    this.logger.log('Identity answers again.');
  }
}
