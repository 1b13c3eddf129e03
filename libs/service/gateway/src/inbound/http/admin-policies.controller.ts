import { type ResponseOf, rest } from '@parley/contracts';
import { identityV1, policyV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { PolicyEnforcer, rolesIn, type Subject } from '@parley/core-gateway';
import { DomainError } from '@parley/kernel';
import { Controller, Inject } from '@nestjs/common';
import { type CallOf, Handles, RestCall } from './operation.js';

const { administration } = rest;

type WireRule = ResponseOf<typeof administration.policies>['items'][number];

/** Rules, roles, and why somebody may or may not. */
@Controller()
export class AdminPoliciesController {
  private readonly policies: ServiceClient<typeof policyV1.PolicyServiceService>;
  private readonly identity: ServiceClient<typeof identityV1.IdentityServiceService>;

  constructor(
    @Inject(RpcClients) rpc: RpcClients,
    private readonly enforcer: PolicyEnforcer,
  ) {
    this.policies = rpc.of(policyV1.PolicyServiceService);
    this.identity = rpc.of(identityV1.IdentityServiceService);
  }

  @Handles(administration.policies)
  async list(
    @RestCall() call: CallOf<typeof administration.policies>,
  ): Promise<ResponseOf<typeof administration.policies>> {
    const { version, rules } = await this.policies.listPolicies({ actorId: call.caller.userId });
    return { version, items: rules as WireRule[] };
  }

  @Handles(administration.addPolicies)
  add(@RestCall() call: CallOf<typeof administration.addPolicies>): Promise<{ version: number }> {
    return this.policies.addPolicies({ actorId: call.caller.userId, rules: call.body.rules });
  }

  @Handles(administration.removePolicies)
  remove(@RestCall() call: CallOf<typeof administration.removePolicies>): Promise<{ version: number }> {
    return this.policies.removePolicies({ actorId: call.caller.userId, rules: call.body.rules });
  }

  @Handles(administration.roles)
  async roles(@RestCall() call: CallOf<typeof administration.roles>): Promise<ResponseOf<typeof administration.roles>> {
    const { rules } = await this.policies.listPolicies({ actorId: call.caller.userId });
    return { items: rolesIn(rules) };
  }

  @Handles(administration.assignRole)
  assign(@RestCall() call: CallOf<typeof administration.assignRole>): Promise<{ version: number }> {
    return this.policies.assignRole({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(administration.unassignRole)
  unassign(@RestCall() call: CallOf<typeof administration.unassignRole>): Promise<{ version: number }> {
    return this.policies.unassignRole({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(administration.checkPolicy)
  async check(
    @RestCall() call: CallOf<typeof administration.checkPolicy>,
  ): Promise<ResponseOf<typeof administration.checkPolicy>> {
    const { object, action } = call.query;
    const subject = await this.subjectOf(call.caller.userId, call.query.subject);
    const { rule, ...decision } = this.enforcer.explain(subject, object, action);
    return { ...decision, ...(rule === undefined ? {} : { rule: { ...rule, values: [...rule.values] } as WireRule }) };
  }

  /** Roles begin with a letter, user ids with a digit. */
  private async subjectOf(actorId: string, name: string): Promise<Subject> {
    if (/^[a-z]/.test(name)) return { userId: '', roles: [name] };
    const [user] = (await this.identity.getUsers({ actorId, userIds: [name] })).users;
    if (user === undefined) throw new DomainError('user.not_found', 'not_found');
    return { userId: user.userId, roles: [user.kind] };
  }
}
