import { DomainError } from '@parley/kernel';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../domain/audit.js';
import type { Ban } from '../domain/ban.js';
import { refuseLockOut } from '../domain/lock-out.js';
import { DEFAULT_POLICIES } from '../domain/default-policies.js';
import type { PolicyRule } from '../domain/policy-rule.js';
import { anAccount, nextId, START } from './builders.js';
import type { IdentityStores } from './stores.js';

const anyRules = () => undefined;
const entry = (action: string, at = START): AuditEntry => ({
  auditId: nextId(),
  at,
  actorId: '0-admin',
  action,
  subject: 'policy',
  details: { note: 'a, "b"\n' },
});
const rule = (subject: string, path = '/x'): PolicyRule => ({
  type: 'p',
  subject,
  path,
  method: 'GET',
  effect: 'deny',
});
const admin = (subject: string): PolicyRule => ({ type: 'g', subject, role: 'admin' });
const aBan = (value: string, part: Partial<Ban> = {}): Ban => ({
  kind: 'user',
  value,
  reason: 'spam',
  until: 0,
  createdAt: START,
  createdBy: '0-admin',
  ...part,
});

/** What every PolicyStore does, whatever stores it. */
export function policyStoreContract(open: () => Promise<IdentityStores>): void {
  describe('PolicyStore', () => {
    it('starts empty at version 0 and grows by one with each change', async () => {
      const { policies } = await open();
      expect(await policies.read()).toEqual({ version: 0, rules: [], inForce: [], bans: [] });
      const rules = [rule('user'), admin('0-00000001')];
      const edit = { add: rules, remove: [], audit: entry('policy.added') };
      expect(await policies.edit(edit, anyRules)).toEqual({ version: 1, changed: 2 });
      expect(await policies.read()).toEqual({ version: 1, rules, inForce: rules, bans: [] });
      expect(await policies.touch()).toBe(2);
      expect(await policies.version()).toBe(2);
    });

    it('takes a rule twice as no change, and leaves no line of it in the trail', async () => {
      const { policies } = await open();
      const add = () => policies.edit({ add: [rule('user')], remove: [], audit: entry('policy.added') }, anyRules);
      const versions = await Promise.all([add(), add(), add()]);
      expect(versions.map((answer) => answer.changed).sort()).toEqual([0, 0, 1]);
      expect((await policies.audit({ limit: 10 })).items).toHaveLength(1);
      const gone = { add: [], remove: [rule('user'), rule('nobody')], audit: entry('policy.removed') };
      expect(await policies.edit(gone, anyRules)).toEqual({ version: 2, changed: 1 });
      expect((await policies.read()).rules).toEqual([]);
    });

    it('keeps a refused edit out altogether', async () => {
      const { policies } = await open();
      const refuse = () => {
        throw new DomainError('policy.would_lock_out', 'precondition');
      };
      const edit = { add: [rule('user')], remove: [], audit: entry('policy.added') };
      await expect(policies.edit(edit, refuse)).rejects.toMatchObject({ code: 'policy.would_lock_out' });
      expect(await policies.read()).toMatchObject({ version: 0, rules: [] });
      expect((await policies.audit({ limit: 10 })).items).toEqual([]);
    });

    it('upgrades the defaults once, however many try, and keeps out what an administrator took away since', async () => {
      const { policies } = await open();
      const [old, fresh] = [rule('user', '/old'), rule('user', '/new')];
      await policies.edit({ add: [old, admin('0-00000001')], remove: [], audit: entry('policy.seeded') }, anyRules);
      const upgrade = (to: number) => {
        const { details: _, ...audit } = entry('policy.defaults_upgraded');
        return policies.upgradeDefaults(
          to,
          (rules, from) => ({ add: [fresh], remove: rules.filter((one) => one.type === 'p'), details: { from, to } }),
          audit,
        );
      };
      const outcomes = await Promise.all([upgrade(2), upgrade(2), upgrade(2)]);
      expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([{ version: 2, changed: 2 }]);
      expect((await policies.read()).rules).toEqual([admin('0-00000001'), fresh]);
      const [line] = (await policies.audit({ limit: 1 })).items;
      expect(line).toMatchObject({ action: 'policy.defaults_upgraded', details: { from: 1, to: 2 } });

      await policies.edit({ add: [], remove: [fresh], audit: entry('policy.removed') }, anyRules);
      expect(await upgrade(2)).toBeUndefined();
      expect(await upgrade(1)).toBeUndefined();
      expect((await policies.read()).rules).toEqual([admin('0-00000001')]);
    });

    it('knows the defaults that were seeded, and an upgrade that changes no rule is none', async () => {
      const { policies } = await open();
      const add = [rule('user')];
      const { details: _, ...audit } = entry('policy.defaults_upgraded');
      await policies.edit({ add, remove: [], defaultsVersion: 3, audit: entry('policy.seeded') }, anyRules);
      const plan = () => ({ add, remove: [], details: {} });
      expect(await policies.upgradeDefaults(3, plan, audit)).toBeUndefined();
      expect(await policies.upgradeDefaults(4, plan, audit)).toEqual({ version: 1, changed: 0 });
      expect(await policies.upgradeDefaults(4, plan, audit)).toBeUndefined();
      expect((await policies.audit({ limit: 10 })).items).toHaveLength(1);
    });

    it('lets two administrators who unassign each other at once leave one', async () => {
      const { policies } = await open();
      const both = [admin('0-00000001'), admin('0-00000002')];
      const seed = { add: [...DEFAULT_POLICIES, ...both], remove: [], audit: entry('policy.seeded') };
      await policies.edit(seed, refuseLockOut);
      const outcomes = await Promise.allSettled(
        both.map((one) => policies.edit({ add: [], remove: [one], audit: entry('role.unassigned') }, refuseLockOut)),
      );
      expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('answers assigned roles, and leaves those out of force whose owner must change the password', async () => {
      const { policies, accounts } = await open();
      const fresh = anAccount({ mustChangePassword: true });
      const settled = anAccount();
      for (const account of [fresh, settled]) await accounts.create(account);
      const roles = [admin(fresh.userId), admin(settled.userId), { ...admin(settled.userId), role: 'auditor' }];
      await policies.edit({ add: [...roles, rule('user')], remove: [], audit: entry('policy.added') }, anyRules);
      expect(await policies.rolesOf([fresh.userId, settled.userId, '0-none'])).toEqual(
        new Map([
          [fresh.userId, ['admin']],
          [settled.userId, ['admin', 'auditor']],
        ]),
      );
      expect(await policies.rolesOf([])).toEqual(new Map());
      expect((await policies.read()).inForce).toEqual([roles[1], roles[2], rule('user')]);
    });

    it('finds bans in force, replaces one by the next, and lifts them', async () => {
      const { policies } = await open();
      await policies.ban(aBan('0-00000001', { until: START + 100 }), entry('user.banned'));
      const version = await policies.ban(aBan('203.0.113.9', { kind: 'address' }), entry('address.banned'));
      const on = (value: string, now: number, kind: Ban['kind'] = 'user') => policies.banOn([{ kind, value }], now);
      expect(await on('0-00000001', START + 99)).toMatchObject({ reason: 'spam' });
      expect(await on('0-00000001', START + 100)).toBeUndefined();
      expect(await on('203.0.113.9', START, 'address')).toMatchObject({ kind: 'address' });
      expect(await on('203.0.113.9', START)).toBeUndefined();
      expect(await policies.banOn([], START)).toBeUndefined();
      const again = await policies.ban(aBan('0-00000001', { reason: 'again' }), entry('user.banned'));
      expect(again).toBe(version + 1);
      expect(await on('0-00000001', START + 1000)).toMatchObject({ reason: 'again' });
      expect(await policies.unban('user', '0-00000001', entry('user.unbanned'))).toBe(again + 1);
      expect(await policies.unban('user', '0-00000001', entry('user.unbanned'))).toBeUndefined();
      expect(await on('0-00000001', START)).toBeUndefined();
    });

    it('pages bans and the trail, newest first, everything once', async () => {
      const { policies } = await open();
      for (const [i, at] of [START, START + 5, START + 5].entries()) {
        await policies.ban(aBan(`0-0000000${i}`, { createdAt: at }), entry('user.banned', at));
      }
      await policies.record(entry('user.sessions_ended', START + 9));
      const bans = await policies.bans({ limit: 2 });
      const rest = await policies.bans({ limit: 2, cursor: bans.nextCursor! });
      expect([...bans.items, ...rest.items].map((ban) => ban.value)).toEqual([
        '0-00000001',
        '0-00000002',
        '0-00000000',
      ]);
      const first = await policies.audit({ limit: 3 });
      const second = await policies.audit({ limit: 3, cursor: first.nextCursor! });
      expect([...first.items, ...second.items].map((one) => one.at - START)).toEqual([9, 5, 5, 0]);
      expect(second.nextCursor).toBeUndefined();
      expect(first.items[0]?.details).toEqual({ note: 'a, "b"\n' });
    });
  });

  describe('KeyStore', () => {
    it('keeps keys until they are dropped', async () => {
      const { keys } = await open();
      const key = { kid: 'k1', privateJwk: '{"d":1}', publicJwk: '{"x":1}', createdAt: START };
      await keys.add(key);
      await keys.add({ ...key, kid: 'k2' });
      await keys.drop('k1');
      await keys.drop('k0');
      expect(await keys.all()).toEqual([{ ...key, kid: 'k2' }]);
    });
  });
}
