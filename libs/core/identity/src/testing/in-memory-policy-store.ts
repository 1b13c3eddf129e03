import type { Page, PageRequest } from '@parley/kernel';
import type { AuditEntry } from '../domain/audit.js';
import { type Ban, inForce } from '../domain/ban.js';
import { keyOf, type PolicyRule } from '../domain/policy-rule.js';
import { type DefaultsPlan, type PolicyEdit, PolicyStore } from '../ports/policy-store.js';
import { type InMemoryState, pageOf } from './in-memory-state.js';

export class InMemoryPolicyStore extends PolicyStore {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async version(): Promise<number> {
    return this.state.version;
  }

  async read() {
    const { version, rules, bans, accounts } = this.state;
    const inForceNow = rules.filter((rule) => rule.type === 'p' || !accounts.get(rule.subject)?.mustChangePassword);
    return { version, rules: [...rules], inForce: inForceNow, bans: [...bans] };
  }

  async edit({ add, remove, audit, defaultsVersion }: PolicyEdit, check: (rules: readonly PolicyRule[]) => void) {
    const rules = new Map(this.state.rules.map((rule) => [keyOf(rule), rule]));
    const gone = remove.filter((rule) => rules.delete(keyOf(rule)));
    const fresh = add.filter((rule) => !rules.has(keyOf(rule)) && rules.set(keyOf(rule), rule));
    const changed = gone.length + fresh.length;
    if (changed === 0) return { version: this.state.version, changed };
    check([...rules.values()]);
    this.state.rules = [...rules.values()];
    this.state.defaultsVersion = defaultsVersion ?? this.state.defaultsVersion;
    this.state.trail.push(audit);
    return { version: await this.touch(), changed };
  }

  async upgradeDefaults(to: number, plan: DefaultsPlan, audit: Omit<AuditEntry, 'details'>) {
    const { rules, defaultsVersion } = this.state;
    if (defaultsVersion >= to) return undefined;
    const { details, ...change } = plan(rules, defaultsVersion);
    this.state.defaultsVersion = to;
    return this.edit({ ...change, audit: { ...audit, details } }, () => undefined);
  }

  async rolesOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const roles = new Map<string, string[]>();
    for (const rule of this.state.rules)
      if (rule.type === 'g' && userIds.includes(rule.subject))
        roles.set(rule.subject, [...(roles.get(rule.subject) ?? []), rule.role].sort());
    return roles;
  }

  async touch(): Promise<number> {
    this.state.version += 1;
    return this.state.version;
  }

  async ban(ban: Ban, audit: AuditEntry): Promise<number> {
    this.state.bans = [...this.without(ban), ban];
    this.state.trail.push(audit);
    return this.touch();
  }

  async unban(kind: Ban['kind'], value: string, audit: AuditEntry): Promise<number | undefined> {
    const left = this.without({ kind, value });
    if (left.length === this.state.bans.length) return undefined;
    this.state.bans = left;
    this.state.trail.push(audit);
    return this.touch();
  }

  async banOn(subjects: readonly Pick<Ban, 'kind' | 'value'>[], now: number): Promise<Ban | undefined> {
    return this.state.bans.find(
      (ban) => inForce(ban, now) && subjects.some(({ kind, value }) => ban.kind === kind && ban.value === value),
    );
  }

  async bans(page: PageRequest): Promise<Page<Ban>> {
    const key = (ban: Ban) => `${ban.kind} ${ban.value}`;
    const sorted = [...this.state.bans].sort((a, b) => b.createdAt - a.createdAt || (key(a) < key(b) ? -1 : 1));
    return pageOf(sorted, page, key);
  }

  async record(entry: AuditEntry): Promise<void> {
    this.state.trail.push(entry);
  }

  async audit(page: PageRequest): Promise<Page<AuditEntry>> {
    const sorted = [...this.state.trail].sort((a, b) => b.at - a.at || (a.auditId < b.auditId ? 1 : -1));
    return pageOf(sorted, page, (entry) => entry.auditId);
  }

  private without({ kind, value }: Pick<Ban, 'kind' | 'value'>): Ban[] {
    return this.state.bans.filter((ban) => ban.kind !== kind || ban.value !== value);
  }
}
