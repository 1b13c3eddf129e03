import { describe, expect, it } from 'vitest';
import type { PolicyRule, Subject } from '../domain/policy.js';
import type { PolicyEngine } from '../ports/policy-engine.js';

const p = (subject: string, path: string, method = '.*', effect = 'allow'): PolicyRule => ({
  ptype: 'p',
  values: [subject, path, method, effect],
});
const g = (subject: string, role: string): PolicyRule => ({ ptype: 'g', values: [subject, role] });
const ANN: Subject = { userId: '0-ann', roles: ['user'] };
const BOB: Subject = { userId: '0-bob', roles: ['user'] };
const GUEST: Subject = { userId: '0-gus', roles: ['guest'] };

/** What every PolicyEngine does. */
export function policyEngineContract(name: string, make: () => PolicyEngine): void {
  describe(`PolicyEngine: ${name}`, () => {
    it('allows what a line allows and nothing else', async () => {
      const policy = await make().compile([p('user', '/a/.*', 'GET')]);
      expect(policy.decide(ANN, '/a/b', 'GET')).toEqual({ allowed: true, rule: p('user', '/a/.*', 'GET') });
      for (const [object, action] of [
        ['/a/b', 'POST'],
        ['/ab', 'GET'],
        ['/x/a/b', 'GET'],
        ['/a/b\n', 'GET'],
        ['/a/b', 'GETX'],
      ] as const)
        expect(policy.decide(ANN, object, action), `${action} ${object}`).toEqual({ allowed: false });
      expect(policy.decide(GUEST, '/a/b', 'GET')).toEqual({ allowed: false });
    });

    it('denies where any line denies, in any order, and says which', async () => {
      const deny = p('0-ann', '/a/secret', 'GET', 'deny');
      for (const rules of [
        [deny, p('user', '/a/.*')],
        [p('user', '/a/.*'), deny],
      ]) {
        const policy = await make().compile(rules);
        expect(policy.decide(ANN, '/a/secret', 'GET')).toEqual({ allowed: false, rule: deny });
        expect(policy.decide(BOB, '/a/secret', 'GET').allowed).toBe(true);
        expect(policy.decide(ANN, '/a/other', 'GET').allowed).toBe(true);
      }
    });

    it('gives users the roles that are assigned to them, and roles those that they include', async () => {
      const policy = await make().compile([
        p('auditor', '/audit', 'GET'),
        p('0-gus', '/mine', 'GET'),
        g('0-ann', 'moderator'),
        g('moderator', 'auditor'),
      ]);
      expect(policy.decide(ANN, '/audit', 'GET').allowed).toBe(true);
      expect(policy.decide(BOB, '/audit', 'GET').allowed).toBe(false);
      expect(policy.decide(GUEST, '/mine', 'GET').allowed).toBe(true);
      expect(policy.decide({ userId: '', roles: ['moderator'] }, '/audit', 'GET').allowed).toBe(true);
      expect(policy.rolesOf(ANN).sort()).toEqual(['auditor', 'moderator', 'user']);
      expect(policy.rolesOf(GUEST)).toEqual(['guest']);
    });

    it('takes nobody without roles, and no set, for somebody', async () => {
      const policy = await make().compile([p('user', '.*')]);
      expect(policy.decide({ userId: '0-x', roles: [] }, '/a', 'GET').allowed).toBe(false);
      expect((await make().compile([])).decide(ANN, '/a', 'GET')).toEqual({ allowed: false });
    });

    it('gives one key to those that are judged alike, and to nobody else', async () => {
      const policy = await make().compile([p('user', '/a'), p('0-ann', '/b')]);
      const eve: Subject = { userId: '0-eve', roles: ['user'] };
      expect(policy.keyOf(BOB)).toBe(policy.keyOf(eve));
      expect(policy.keyOf(ANN)).not.toBe(policy.keyOf(BOB));
      expect(policy.keyOf(GUEST)).not.toBe(policy.keyOf(BOB));
    });

    it('rejects a set with a line that it does not understand, as a whole', async () => {
      for (const wrong of [
        p('user', '/('),
        { ptype: 'p', values: ['user', '/a'] },
        { ptype: 'x', values: ['user', 'b'] },
      ])
        await expect(make().compile([p('user', '/a'), wrong])).rejects.toThrow();
    });

    it('keeps values apart, whatever is in them', async () => {
      const policy = await make().compile([p('guest', '/x, .*, .*, allow\np, guest, .*')]);
      expect(policy.decide(GUEST, '/anything', 'GET').allowed).toBe(false);
    });
  });
}
