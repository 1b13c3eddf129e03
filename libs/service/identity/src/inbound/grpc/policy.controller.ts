import { policyV1 } from '@parley/contracts/rpc';
import {
  AdministrationQueries,
  AssignRoles,
  Bans,
  EditPolicies,
  EndSessions,
  GetPolicySet,
} from '@parley/core-identity';
import { Controller } from '@nestjs/common';
import { banToWire, pageOf, ruleToWire, userToWire } from './wire.js';

const NO_BAN = { kind: '', value: '', reason: '', until: 0 };

@Controller()
@policyV1.PolicyServiceControllerMethods()
export class PolicyController implements policyV1.PolicyServiceController {
  constructor(
    private readonly gettingSet: GetPolicySet,
    private readonly editing: EditPolicies,
    private readonly assigning: AssignRoles,
    private readonly banning: Bans,
    private readonly ending: EndSessions,
    private readonly queries: AdministrationQueries,
  ) {}

  async getPolicySet(request: policyV1.GetPolicySetRequest): Promise<policyV1.GetPolicySetResponse> {
    const { version, content, revoked, asOf } = await this.gettingSet.execute(request);
    return {
      version,
      rules: content?.rules.map(ruleToWire) ?? [],
      bans: content?.bans.map(banToWire) ?? [],
      unchanged: content === undefined,
      revoked,
      asOf,
    };
  }

  async addPolicies(request: policyV1.AddPoliciesRequest): Promise<policyV1.AddPoliciesResponse> {
    return { version: await this.editing.add(request) };
  }

  async removePolicies(request: policyV1.RemovePoliciesRequest): Promise<policyV1.RemovePoliciesResponse> {
    return { version: await this.editing.remove(request) };
  }

  async assignRole(request: policyV1.AssignRoleRequest): Promise<policyV1.AssignRoleResponse> {
    return { version: await this.assigning.assign(request) };
  }

  async unassignRole(request: policyV1.UnassignRoleRequest): Promise<policyV1.UnassignRoleResponse> {
    return { version: await this.assigning.unassign(request) };
  }

  async ban(request: policyV1.BanRequest): Promise<policyV1.BanResponse> {
    return { version: await this.banning.ban({ ...NO_BAN, ...request.ban, actorId: request.actorId }) };
  }

  async unban(request: policyV1.UnbanRequest): Promise<policyV1.UnbanResponse> {
    return { version: await this.banning.unban(request) };
  }

  async endSessions(request: policyV1.EndSessionsRequest): Promise<policyV1.EndSessionsResponse> {
    await this.ending.execute(request);
    return {};
  }

  async listPolicies(request: policyV1.ListPoliciesRequest): Promise<policyV1.ListPoliciesResponse> {
    const { version, rules } = await this.queries.listPolicies(request);
    return { version, rules: rules.map(ruleToWire) };
  }

  async listBans(request: policyV1.ListBansRequest): Promise<policyV1.ListBansResponse> {
    const page = await this.queries.listBans({ actorId: request.actorId, page: pageOf(request.page) });
    return { bans: page.items.map(banToWire), nextCursor: page.nextCursor ?? '' };
  }

  async listAudit(request: policyV1.ListAuditRequest): Promise<policyV1.ListAuditResponse> {
    const page = await this.queries.listAudit({ actorId: request.actorId, page: pageOf(request.page) });
    const entries = page.items.map(({ details, ...entry }) => ({ ...entry, detailsJson: JSON.stringify(details) }));
    return { entries, nextCursor: page.nextCursor ?? '' };
  }

  async listUsers(request: policyV1.ListUsersRequest): Promise<policyV1.ListUsersResponse> {
    const { actorId, query } = request;
    const page = await this.queries.listUsers({ actorId, query, page: pageOf(request.page) });
    return { users: page.items.map(userToWire), nextCursor: page.nextCursor ?? '' };
  }
}
