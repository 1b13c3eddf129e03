import { type ResponseOf, rest } from '@parley/contracts';
import { policyV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import { iso, nextCursor, pageRequest } from '../../composition/wire-text.js';
import { privateUserView } from '../user-view.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { administration } = rest;

/** Users, bans and the audit trail. */
@Controller()
export class AdminUsersController {
  private readonly policies: ServiceClient<typeof policyV1.PolicyServiceService>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.policies = rpc.of(policyV1.PolicyServiceService);
  }

  @Handles(administration.users)
  async users(@RestCall() call: CallOf<typeof administration.users>): Promise<ResponseOf<typeof administration.users>> {
    const answer = await this.policies.listUsers({
      actorId: call.caller.userId,
      query: call.query.q ?? '',
      page: pageRequest(call.query),
    });
    return { items: answer.users.map(privateUserView), ...nextCursor(answer.nextCursor) };
  }

  @Handles(administration.endSessions)
  async endSessions(@RestCall() call: CallOf<typeof administration.endSessions>): Promise<void> {
    await this.policies.endSessions({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(administration.bans)
  async bans(@RestCall() call: CallOf<typeof administration.bans>): Promise<ResponseOf<typeof administration.bans>> {
    const answer = await this.policies.listBans({ actorId: call.caller.userId, page: pageRequest(call.query) });
    return { items: answer.bans.map(banView), ...nextCursor(answer.nextCursor) };
  }

  @Handles(administration.ban)
  ban(@RestCall() call: CallOf<typeof administration.ban>): Promise<{ version: number }> {
    const { kind, value, reason = '', until } = call.body;
    return this.policies.ban({
      actorId: call.caller.userId,
      ban: {
        kind,
        value,
        reason,
        until: until === undefined ? 0 : Date.parse(until),
        createdAt: 0,
        createdBy: call.caller.userId,
      },
    });
  }

  @Handles(administration.unban)
  async unban(@RestCall() call: CallOf<typeof administration.unban>): Promise<void> {
    await this.policies.unban({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(administration.audit)
  async audit(@RestCall() call: CallOf<typeof administration.audit>): Promise<ResponseOf<typeof administration.audit>> {
    const answer = await this.policies.listAudit({ actorId: call.caller.userId, page: pageRequest(call.query) });
    return { items: answer.entries.map(auditView), ...nextCursor(answer.nextCursor) };
  }
}

function banView({ kind, value, reason, until, createdAt, createdBy }: policyV1.BanEntry) {
  return {
    kind: kind as 'user' | 'address',
    value,
    reason,
    ...(until === 0 ? {} : { until: iso(until) }),
    createdAt: iso(createdAt),
    createdBy,
  };
}

function auditView({ at, detailsJson, ...entry }: policyV1.AuditEntry) {
  return { ...entry, at: iso(at), details: JSON.parse(detailsJson) as Record<string, unknown> };
}
