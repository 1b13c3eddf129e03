import type { Clock } from '@parley/kernel';
import { normalizeAddress } from '../domain/ban.js';
import { banned } from '../domain/identity.errors.js';
import type { PolicyStore } from '../ports/policy-store.js';

/** Refuses the banned where sessions are opened and tokens made; gateways refuse them everywhere else. */
export class BanGate {
  constructor(
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  async refuseAddress(address: string): Promise<void> {
    await this.refuse([{ kind: 'address', value: normalizeAddress(address) }]);
  }

  async refuseUser(userId: string, address: string): Promise<void> {
    await this.refuse([
      { kind: 'user', value: userId },
      { kind: 'address', value: normalizeAddress(address) },
    ]);
  }

  private async refuse(subjects: Parameters<PolicyStore['banOn']>[0]): Promise<void> {
    if ((await this.policies.banOn(subjects, this.clock.now())) !== undefined) throw banned();
  }
}
