import type { Clock, Page, PageRequest } from '@parley/kernel';
import type { AuditEntry } from '../domain/audit.js';
import type { Ban } from '../domain/ban.js';
import { inForce } from '../domain/ban.js';
import { fold } from '../domain/names.js';
import { isUser, type PolicyRule } from '../domain/policy-rule.js';
import type { AccountStore } from '../ports/account-store.js';
import type { PolicyStore } from '../ports/policy-store.js';
import type { SessionStore } from '../ports/session-store.js';
import type { Administrators } from './administrators.js';
import { CLOCK_SKEW_MS, type IdentityLimits } from './limits.js';
import type { UserView } from './users.js';

export interface PolicySet {
  version: number;
  /** Absent where the asker has this version. */
  content?: { rules: PolicyRule[]; bans: Ban[] };
  revoked: { sessionId: string; until: number }[];
  asOf: number;
}

/** What gateways enforce. Asked at their start, by every reload, and now and then in case a reload did not reach them. */
export class GetPolicySet {
  constructor(
    private readonly policies: PolicyStore,
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
    private readonly limits: IdentityLimits,
  ) {}

  async execute(query: { knownVersion: number; revokedSince: number }): Promise<PolicySet> {
    const asOf = this.clock.now();
    // A token signed just before the revocation lives this much longer.
    const tokenLifeMs = this.limits.accessTokenMs + CLOCK_SKEW_MS;
    const ended = await this.sessions.revokedSince(Math.max(query.revokedSince, asOf - tokenLifeMs));
    const revoked = ended.map(({ sessionId, revokedAt }) => ({ sessionId, until: revokedAt + tokenLifeMs }));
    const version = await this.policies.version();
    if (version === query.knownVersion) return { version, revoked, asOf };
    const set = await this.policies.read();
    const bans = set.bans.filter((ban) => inForce(ban, asOf));
    return { version: set.version, content: { rules: set.inForce, bans }, revoked, asOf };
  }
}

/** What administrators look at. */
export class AdministrationQueries {
  constructor(
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
    private readonly administrators: Administrators,
  ) {}

  async listPolicies(query: { actorId: string }): Promise<{ version: number; rules: PolicyRule[] }> {
    await this.administrators.require(query.actorId);
    return this.policies.read();
  }

  async listBans(query: { actorId: string; page: PageRequest }): Promise<Page<Ban>> {
    await this.administrators.require(query.actorId);
    return this.policies.bans(query.page);
  }

  async listAudit(query: { actorId: string; page: PageRequest }): Promise<Page<AuditEntry>> {
    await this.administrators.require(query.actorId);
    return this.policies.audit(query.page);
  }

  async listUsers(query: { actorId: string; query: string; page: PageRequest }): Promise<Page<UserView>> {
    await this.administrators.require(query.actorId);
    const prefix = fold(query.query).trim();
    const page = await this.accountsFor(prefix, query.page);
    const roles = await this.policies.rolesOf(page.items.map((account) => account.userId));
    return {
      ...page,
      items: page.items.map((account) => ({
        account,
        roles: [account.kind, ...(roles.get(account.userId) ?? [])],
      })),
    };
  }

  private async accountsFor(prefix: string, page: PageRequest) {
    if (prefix === '') return this.accounts.list(page);
    const byId = isUser(prefix) ? await this.accounts.find(prefix) : undefined;
    return byId === undefined ? this.accounts.search(prefix, page) : { items: [byId] };
  }
}
