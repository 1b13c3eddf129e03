/**
 * Shorter than a node stays among those that must be told of a revocation after the registry has lost it (60 s). So whoever is not asked any more has
 * closed its sockets by itself (G12). Longer than identity may be silent without every live socket ending.
 */
export const LEASE_MS = 45_000;

/** How long this node may act on what identity last told it. By a clock that only runs forward, also while the process is stopped. */
export class EnforcementLease {
  private from = performance.now();

  /** @param from when what is known now was asked for. */
  renew(from: number): void {
    this.from = Math.max(this.from, from);
  }

  get isOver(): boolean {
    return performance.now() - this.from > LEASE_MS;
  }
}
