import type { Clock, IdGenerator } from '@parley/kernel';
import type { AuditEntry } from '../domain/audit.js';
import { denied } from '../domain/identity.errors.js';
import { ADMIN } from '../domain/policy-rule.js';
import type { AccountStore } from '../ports/account-store.js';
import type { PolicyStore } from '../ports/policy-store.js';

/** Re-checks here, where the data are, what the gateway's policy has let through: only the super role administers. */
export class Administrators {
  constructor(
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  async require(actorId: string): Promise<void> {
    const roles = (await this.policies.rolesOf([actorId])).get(actorId) ?? [];
    if (!roles.includes(ADMIN)) throw denied();
    const account = await this.accounts.find(actorId);
    if (account === undefined || account.deletedAt !== undefined) throw denied();
    if (account.mustChangePassword) throw denied({ message: 'Change your password first.' });
  }

  /** The trail's line for something that happens now. */
  entry(actorId: string, action: string, subject: string, details: Record<string, unknown> = {}): AuditEntry {
    return { auditId: this.ids.next(), at: this.clock.now(), actorId, action, subject, details };
  }
}
