import { createHash } from 'node:crypto';
import {
  type AuditEntry,
  type Ban,
  type DefaultsPlan,
  keyOf,
  type PolicyEdit,
  type PolicyRule,
  PolicyStore,
  valuesOf,
} from '@parley/core-identity';
import type { Page, PageRequest } from '@parley/kernel';
import { policyChanged } from './facts.js';
import type { IdentityDatabase, Transaction } from './identity-database.js';
import { pageOfRows, positionOf } from './pages.js';
import { auditOf, banOf, placeholders, type Row, ruleOf } from './rows.js';

const RULES = 'SELECT * FROM policy_rules ORDER BY position, rule_id';
const RULES_IN_FORCE = `SELECT r.* FROM policy_rules r LEFT JOIN accounts a ON r.ptype = 'g' AND a.user_id = r.v0
  WHERE a.user_id IS NULL OR a.must_change_password = 0 ORDER BY r.position, r.rule_id`;

export class SqlPolicyStore extends PolicyStore {
  constructor(private readonly db: IdentityDatabase) {
    super();
  }

  async version(): Promise<number> {
    return versionOf(await this.db.query<Row[]>('SELECT version FROM policy_state WHERE id = 1'));
  }

  async read() {
    // In the writer's turn, so that all four are of one moment.
    return this.db.write(async ({ sql }) => {
      const version = versionOf(await sql.query('SELECT version FROM policy_state WHERE id = 1'));
      const rules: Row[] = await sql.query(RULES);
      const inForce: Row[] = await sql.query(RULES_IN_FORCE);
      const bans: Row[] = await sql.query('SELECT * FROM bans');
      return { version, rules: rules.map(ruleOf), inForce: inForce.map(ruleOf), bans: bans.map(banOf) };
    });
  }

  edit(edit: PolicyEdit, check: (rules: readonly PolicyRule[]) => void) {
    return this.db.write(async (tx) => change(tx, await locked(tx), edit, check));
  }

  upgradeDefaults(to: number, plan: DefaultsPlan, audit: Omit<AuditEntry, 'details'>) {
    return this.db.write(async (tx) => {
      const before = await locked(tx);
      const rows: Row[] = await tx.sql.query('SELECT defaults_version FROM policy_state WHERE id = 1');
      const from = Number(rows[0]?.['defaults_version']);
      if (from >= to) return undefined;
      const { details, ...rules } = plan((await tx.sql.query<Row[]>(RULES)).map(ruleOf), from);
      await setDefaults(tx, to);
      return change(tx, before, { ...rules, audit: { ...audit, details } }, () => undefined);
    });
  }

  async rolesOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const roles = new Map<string, string[]>();
    if (userIds.length === 0) return roles;
    const rows = await this.db.query<Row[]>(
      `SELECT v0, v1 FROM policy_rules WHERE ptype = 'g' AND v0 IN (${placeholders(userIds)}) ORDER BY v1`,
      userIds,
    );
    for (const row of rows) {
      const userId = row['v0'] as string;
      roles.set(userId, [...(roles.get(userId) ?? []), row['v1'] as string]);
    }
    return roles;
  }

  touch(): Promise<number> {
    return this.db.write(async (tx) => advance(tx, await locked(tx)));
  }

  ban(ban: Ban, audit: AuditEntry): Promise<number> {
    return this.db.write(async (tx) => {
      const before = await locked(tx);
      await tx.sql.query('DELETE FROM bans WHERE kind = ? AND value = ?', [ban.kind, ban.value]);
      await tx.sql.query(
        'INSERT INTO bans (kind, value, reason, until_at, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?)',
        [ban.kind, ban.value, ban.reason, ban.until, ban.createdAt, ban.createdBy],
      );
      await insertAudit(tx, audit);
      return advance(tx, before);
    });
  }

  unban(kind: Ban['kind'], value: string, audit: AuditEntry): Promise<number | undefined> {
    return this.db.write(async (tx) => {
      const before = await locked(tx);
      const found: Row[] = await tx.sql.query('SELECT 1 AS one FROM bans WHERE kind = ? AND value = ?', [kind, value]);
      if (found.length === 0) return undefined;
      await tx.sql.query('DELETE FROM bans WHERE kind = ? AND value = ?', [kind, value]);
      await insertAudit(tx, audit);
      return advance(tx, before);
    });
  }

  async banOn(subjects: readonly Pick<Ban, 'kind' | 'value'>[], now: number): Promise<Ban | undefined> {
    if (subjects.length === 0) return undefined;
    const rows = await this.db.query<Row[]>(
      `SELECT * FROM bans WHERE (until_at = 0 OR until_at > ?)
       AND (${subjects.map(() => '(kind = ? AND value = ?)').join(' OR ')}) LIMIT 1`,
      [now, ...subjects.flatMap(({ kind, value }) => [kind, value])],
    );
    return rows[0] === undefined ? undefined : banOf(rows[0]);
  }

  async bans(page: PageRequest): Promise<Page<Ban>> {
    const [at, kind, value] = positionOf(page, 3) ?? [Number.MAX_SAFE_INTEGER, '', ''];
    const rows = await this.db.query<Row[]>(
      `SELECT * FROM bans WHERE created_at < ? OR (created_at = ? AND (kind > ? OR (kind = ? AND value > ?)))
       ORDER BY created_at DESC, kind, value LIMIT ?`,
      [at, at, kind, kind, value, page.limit + 1],
    );
    return pageOfRows(rows, page, ['created_at', 'kind', 'value'], banOf);
  }

  record(entry: AuditEntry): Promise<void> {
    return this.db.write((tx) => insertAudit(tx, entry));
  }

  async audit(page: PageRequest): Promise<Page<AuditEntry>> {
    const [at, auditId] = positionOf(page, 2) ?? [Number.MAX_SAFE_INTEGER, ''];
    const rows = await this.db.query<Row[]>(
      'SELECT * FROM audit WHERE at < ? OR (at = ? AND audit_id < ?) ORDER BY at DESC, audit_id DESC LIMIT ?',
      [at, at, auditId, page.limit + 1],
    );
    return pageOfRows(rows, page, ['at', 'audit_id'], auditOf);
  }
}

const ruleIdOf = (rule: PolicyRule) => createHash('sha256').update(keyOf(rule)).digest('base64url');
const versionOf = (rows: Row[]) => Number(rows[0]?.['version'] ?? 0);

/** ORDER: every edit takes this row first, so that edits are judged one after the other. */
async function locked({ sql }: Transaction): Promise<number> {
  await sql.query('UPDATE policy_state SET version = version WHERE id = 1');
  return versionOf(await sql.query('SELECT version FROM policy_state WHERE id = 1'));
}

async function advance(tx: Transaction, before: number): Promise<number> {
  await tx.sql.query('UPDATE policy_state SET version = ? WHERE id = 1', [before + 1]);
  tx.tell(policyChanged(before + 1));
  return before + 1;
}

async function change(
  tx: Transaction,
  before: number,
  { add, remove, audit, defaultsVersion }: PolicyEdit,
  check: (rules: readonly PolicyRule[]) => void,
): Promise<{ version: number; changed: number }> {
  const rows: Row[] = await tx.sql.query(RULES);
  const rules = new Map(rows.map((row) => [keyOf(ruleOf(row)), ruleOf(row)]));
  const gone = remove.filter((rule) => rules.delete(keyOf(rule)));
  const fresh = add.filter((rule) => !rules.has(keyOf(rule)) && rules.set(keyOf(rule), rule));
  const changed = gone.length + fresh.length;
  if (changed === 0) return { version: before, changed };
  check([...rules.values()]);
  const position = Number(rows.at(-1)?.['position'] ?? 0);
  for (const rule of gone) await tx.sql.query('DELETE FROM policy_rules WHERE rule_id = ?', [ruleIdOf(rule)]);
  for (const [index, rule] of fresh.entries()) await insertRule(tx, rule, position + 1 + index);
  if (defaultsVersion !== undefined) await setDefaults(tx, defaultsVersion);
  await insertAudit(tx, audit);
  return { version: await advance(tx, before), changed };
}

async function setDefaults({ sql }: Transaction, version: number): Promise<void> {
  await sql.query('UPDATE policy_state SET defaults_version = ? WHERE id = 1', [version]);
}

async function insertRule({ sql }: Transaction, rule: PolicyRule, position: number): Promise<void> {
  const [v0, v1, v2 = '', v3 = ''] = valuesOf(rule);
  await sql.query('INSERT INTO policy_rules (rule_id, ptype, v0, v1, v2, v3, position) VALUES (?, ?, ?, ?, ?, ?, ?)', [
    ruleIdOf(rule),
    rule.type,
    v0,
    v1,
    v2,
    v3,
    position,
  ]);
}

async function insertAudit({ sql }: Transaction, entry: AuditEntry): Promise<void> {
  await sql.query(
    'INSERT INTO audit (audit_id, at, actor_id, action, subject, details_json) VALUES (?, ?, ?, ?, ?, ?)',
    [entry.auditId, entry.at, entry.actorId, entry.action, entry.subject, JSON.stringify(entry.details)],
  );
}
