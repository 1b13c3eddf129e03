import type { Page, PageRequest } from '@parley/kernel';
import type { AuditEntry } from '../domain/audit.js';
import type { Ban } from '../domain/ban.js';
import type { PolicyRule } from '../domain/policy-rule.js';

export interface PolicyEdit {
  add: readonly PolicyRule[];
  remove: readonly PolicyRule[];
  audit: AuditEntry;
  /** The defaults that are in with this edit; absent where it is not about them. */
  defaultsVersion?: number;
}

/** Makes of the rules that are there, and the version of the defaults that they began with, what a newer one changes. */
export type DefaultsPlan = (
  rules: readonly PolicyRule[],
  from: number,
) => { add: readonly PolicyRule[]; remove: readonly PolicyRule[]; details: AuditEntry['details'] };

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
  /**
   * Brings the defaults of an installation to a version, once, however many try: the plan is asked inside the transaction and its answer
   * recorded in the trail with the rules. No rules changed: no line, no new version. Undefined when it is at that version already, or beyond.
   */
  abstract upgradeDefaults(
    to: number,
    plan: DefaultsPlan,
    audit: Omit<AuditEntry, 'details'>,
  ): Promise<{ version: number; changed: number } | undefined>;
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
