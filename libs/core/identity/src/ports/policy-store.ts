import type { Page, PageRequest } from '@parley/kernel';
import type { AuditEntry } from '../domain/audit.js';
import type { Ban } from '../domain/ban.js';
import type { PolicyRule } from '../domain/policy-rule.js';

export interface PolicyEdit {
  add: readonly PolicyRule[];
  remove: readonly PolicyRule[];
  audit: AuditEntry;
}

/** Rules, roles, bans and the audit trail, under one version that grows with every change of what is enforced. */
export abstract class PolicyStore {
  /** 0 before the first rules were seeded. */
  abstract version(): Promise<number>;
  /** One consistent state. `inForce` leaves out the assigned roles of accounts that must change their password. */
  abstract read(): Promise<{ version: number; rules: PolicyRule[]; inForce: PolicyRule[]; bans: Ban[] }>;
  /**
   * All or nothing. `check` sees all rules as they will be and throws to refuse; it runs inside the transaction, so two edits cannot both
   * pass on a state that one of them changes. Rules that are there already (or gone already) are no change; no change, no new version.
   */
  abstract edit(
    edit: PolicyEdit,
    check: (rules: readonly PolicyRule[]) => void,
  ): Promise<{ version: number; changed: number }>;
  /** Assigned roles (also those not in force yet) by user id; users without are left out. */
  abstract rolesOf(userIds: readonly string[]): Promise<Map<string, string[]>>;
  /** Raises the version without another change: what is in force depends on accounts too. */
  abstract touch(): Promise<number>;
  /** A second ban of the same takes the place of the first. */
  abstract ban(ban: Ban, audit: AuditEntry): Promise<number>;
  /** Undefined when there was none. */
  abstract unban(kind: Ban['kind'], value: string, audit: AuditEntry): Promise<number | undefined>;
  /** The ban in force on any of these. */
  abstract banOn(subjects: readonly Pick<Ban, 'kind' | 'value'>[], now: number): Promise<Ban | undefined>;
  /** Newest first, ended ones too. */
  abstract bans(page: PageRequest): Promise<Page<Ban>>;
  abstract record(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  abstract audit(page: PageRequest): Promise<Page<AuditEntry>>;
}
