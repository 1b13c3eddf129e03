import { invalid, policyNotFound, userNotFound } from '../domain/identity.errors.js';
import { refuseLockOut } from '../domain/lock-out.js';
import { isRole, parseRule, type PolicyRule, valuesOf } from '../domain/policy-rule.js';
import type { AccountStore } from '../ports/account-store.js';
import type { PolicyStore } from '../ports/policy-store.js';
import type { SessionEnforcer } from '../ports/session-enforcer.js';
import type { Administrators } from './administrators.js';

export interface RuleInput {
  ptype: string;
  values: readonly string[];
}

const RULES_MAX = 100;

/** Changes of rules and roles. Each answers the version that every gateway enforces by then; a repeat changes nothing and enforces again. */
export class EditPolicies {
  constructor(
    private readonly policies: PolicyStore,
    private readonly administrators: Administrators,
    private readonly enforcer: SessionEnforcer,
  ) {}

  async add(command: { actorId: string; rules: readonly RuleInput[] }): Promise<number> {
    await this.administrators.require(command.actorId);
    const rules = parsed(command.rules);
    return (await this.edit(command.actorId, 'policy.added', { add: rules, remove: [] })).version;
  }

  async remove(command: { actorId: string; rules: readonly RuleInput[] }): Promise<number> {
    await this.administrators.require(command.actorId);
    const rules = parsed(command.rules);
    const { version, changed } = await this.edit(command.actorId, 'policy.removed', { add: [], remove: rules });
    if (changed === 0) throw policyNotFound();
    return version;
  }

  private async edit(
    actorId: string,
    action: string,
    change: { add: PolicyRule[]; remove: PolicyRule[] },
  ): Promise<{ version: number; changed: number }> {
    const rules = [...change.add, ...change.remove].map((rule) => [rule.type, ...valuesOf(rule)]);
    const audit = this.administrators.entry(actorId, action, 'policy', { rules });
    const done = await this.policies.edit({ ...change, audit }, refuseLockOut);
    await this.enforcer.reload(done.version);
    return done;
  }
}

export class AssignRoles {
  constructor(
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
    private readonly administrators: Administrators,
    private readonly enforcer: SessionEnforcer,
  ) {}

  async assign(command: { actorId: string; userId: string; role: string }): Promise<number> {
    await this.administrators.require(command.actorId);
    const account = await this.accounts.find(command.userId);
    if (account === undefined || account.deletedAt !== undefined) throw userNotFound();
    // A guest has no password: whoever holds the session would hold the role.
    if (account.kind === 'guest') throw invalid({ path: 'userId', message: 'must be an account, not a guest' });
    return this.edit(command, 'role.assigned', true);
  }

  async unassign(command: { actorId: string; userId: string; role: string }): Promise<number> {
    await this.administrators.require(command.actorId);
    return this.edit(command, 'role.unassigned', false);
  }

  private async edit(
    command: { actorId: string; userId: string; role: string },
    action: string,
    assign: boolean,
  ): Promise<number> {
    const { actorId, userId, role } = command;
    if (!isRole(role)) throw invalid({ path: 'role', message: 'must be a role (a-z first)' });
    const rule: PolicyRule = { type: 'g', subject: userId, role };
    const audit = this.administrators.entry(actorId, action, userId, { role });
    const change = assign ? { add: [rule], remove: [] } : { add: [], remove: [rule] };
    const { version } = await this.policies.edit({ ...change, audit }, refuseLockOut);
    await this.enforcer.reload(version);
    return version;
  }
}

function parsed(rules: readonly RuleInput[]): PolicyRule[] {
  if (rules.length === 0 || rules.length > RULES_MAX)
    throw invalid({ path: 'rules', message: `must be 1 to ${RULES_MAX} rules` });
  return rules.map(({ ptype, values }, index) => parseRule(ptype, values, `rules.${index}`));
}
