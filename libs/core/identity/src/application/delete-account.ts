import type { Clock, IdGenerator } from '@parley/kernel';
import { refuseLockOut } from '../domain/lock-out.js';
import { ADMIN, type PolicyRule } from '../domain/policy-rule.js';
import type { AccountStore } from '../ports/account-store.js';
import type { PolicyStore } from '../ports/policy-store.js';
import type { SessionEnforcer } from '../ports/session-enforcer.js';

/** Leaves a tombstone: messages keep a sender, nothing else stays. The last administrator cannot go. */
export class DeleteAccount {
  constructor(
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
    private readonly enforcer: SessionEnforcer,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  async execute(command: { actorId: string }): Promise<void> {
    const { actorId } = command;
    const roles = (await this.policies.rolesOf([actorId])).get(actorId) ?? [];
    if (roles.length > 0) {
      const remove = roles.map((role): PolicyRule => ({ type: 'g', subject: actorId, role }));
      const audit = {
        auditId: this.ids.next(),
        at: this.clock.now(),
        actorId,
        action: 'account.deleted',
        subject: actorId,
        details: { roles },
      };
      const edit = { add: [], remove, audit };
      const { version } = await this.policies.edit(edit, roles.includes(ADMIN) ? refuseLockOut : () => undefined);
      await this.enforcer.reload(version);
    }
    const sessionIds = await this.accounts.remove(actorId, this.clock.now());
    const code = 'auth.session_revoked';
    await this.enforcer.close({ sessionIds, userIds: [actorId], code, action: 'login' });
  }
}
