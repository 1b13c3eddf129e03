import { Clock, type UserId } from '@parley/kernel';
import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../domain/policy.js';
import { RevokedSessions } from '../domain/revoked-sessions.js';
import { InMemoryPolicyEngine } from '../testing/in-memory-policy-engine.js';
import { type PolicyUpdate, PolicySource } from '../ports/policy-source.js';
import { PolicyEnforcer } from './policy-enforcer.js';
import { PolicyFollower } from './policy-follower.js';

class FixedClock extends Clock {
  time = 1_000_000;

  now(): number {
    return this.time;
  }
}

const allow = (subject: string, path: string): PolicyRule => ({ ptype: 'p', values: [subject, path, '.*', 'allow'] });
const ANN = { userId: '0-ann' as UserId, roles: ['user'] };
const set = (version: number, rules: PolicyRule[], bans: { kind: string; value: string; until: number }[] = []) => ({
  version,
  rules,
  bans,
});

function enforcer() {
  const clock = new FixedClock();
  return { clock, enforcer: new PolicyEnforcer(new InMemoryPolicyEngine(), clock) };
}

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('PolicyEnforcer', () => {
  it('allows nothing, and says why, before the first set', () => {
    const { enforcer: e } = enforcer();
    for (const ask of [
      () => e.require(ANN, '/a', 'GET'),
      () => e.explain(ANN, '/a', 'GET'),
      () => e.refuseBannedUser('0-ann'),
      () => e.refuseBannedAddress('192.0.2.1'),
      () => e.rolesOf('0-ann', ['user']),
    ])
      expect(codeOf(ask)).toBe('server.unavailable');
    expect(e.version).toBe(0);
  });

  it('judges by the newest whole set; decisions of the one before do not linger', async () => {
    const { enforcer: e } = enforcer();
    await e.load(set(1, [allow('user', '/a')]));
    expect(codeOf(() => e.require(ANN, '/a', 'GET'))).toBe('ok');
    expect(codeOf(() => e.require(ANN, '/a', 'GET'))).toBe('ok');
    expect(codeOf(() => e.require(ANN, '/b', 'GET'))).toBe('authz.denied');
    await e.load(set(2, [allow('user', '/b')]));
    expect(codeOf(() => e.require(ANN, '/a', 'GET'))).toBe('authz.denied');
    expect(codeOf(() => e.require(ANN, '/b', 'GET'))).toBe('ok');
  });

  it('goes on with the set it has when the next cannot be understood, or is older', async () => {
    const { enforcer: e } = enforcer();
    await e.load(set(5, [allow('user', '/a')]));
    await expect(e.load(set(6, [allow('user', '/b'), allow('user', '/(')]))).rejects.toThrow();
    await e.load(set(4, [allow('user', '/b')]));
    expect(e.version).toBe(5);
    expect(codeOf(() => e.require(ANN, '/a', 'GET'))).toBe('ok');
    expect(codeOf(() => e.require(ANN, '/b', 'GET'))).toBe('authz.denied');
  });

  it('is never half-loaded while a set is being made', async () => {
    const { enforcer: e } = enforcer();
    await e.load(set(1, [allow('user', '/a')]));
    const loading = e.load(set(2, []));
    expect(codeOf(() => e.require(ANN, '/a', 'GET'))).toBe('ok');
    await loading;
    expect(codeOf(() => e.require(ANN, '/a', 'GET'))).toBe('authz.denied');
  });

  it('believes no assigned role of a token: only those of the set count', async () => {
    const { enforcer: e } = enforcer();
    await e.load(set(1, [allow('admin', '/admin'), { ptype: 'g', values: ['0-bob', 'admin'] }]));
    expect(codeOf(() => e.require({ ...ANN, roles: ['user', 'admin'] }, '/admin', 'GET'))).toBe('authz.denied');
    expect(codeOf(() => e.require({ userId: '0-bob' as UserId, roles: ['user'] }, '/admin', 'GET'))).toBe('ok');
    expect(e.rolesOf('0-ann', ['user', 'admin'])).toEqual(['user']);
    expect(e.rolesOf('0-bob', ['user'])).toEqual(['user', 'admin']);
  });

  it('refuses the banned, by user and by address in any form, as long as the ban lasts', async () => {
    const { enforcer: e, clock } = enforcer();
    const bans = [
      { kind: 'user', value: '0-ann', until: clock.now() + 10 },
      { kind: 'address', value: '203.0.113.9', until: 0 },
    ];
    await e.load(set(1, [allow('user', '/a')], bans));
    expect(codeOf(() => e.refuseBannedUser('0-ann'))).toBe('auth.banned');
    expect(codeOf(() => e.refuseBannedUser('0-bob'))).toBe('ok');
    expect(codeOf(() => e.refuseBannedAddress('::FFFF:203.0.113.9'))).toBe('auth.banned');
    expect(codeOf(() => e.refuseBannedAddress('203.0.113.8'))).toBe('ok');
    expect(e.explain(ANN, '/a', 'GET')).toMatchObject({ allowed: false, banned: true });
    clock.time += 10;
    expect(codeOf(() => e.refuseBannedUser('0-ann'))).toBe('ok');
    expect(e.explain(ANN, '/a', 'GET')).toEqual({
      allowed: true,
      banned: false,
      rule: allow('user', '/a'),
      roles: ['user'],
      version: 1,
    });
  });

  it('refuses everything while it is suspended, and goes on with the set it has afterwards', async () => {
    const { enforcer: e } = enforcer();
    await e.load(set(1, [allow('user', '/a')]));
    e.suspend();
    expect(codeOf(() => e.require(ANN, '/a', 'GET'))).toBe('server.unavailable');
    expect(codeOf(() => e.refuseBannedAddress('192.0.2.1'))).toBe('server.unavailable');
    e.resume();
    expect(codeOf(() => e.require(ANN, '/a', 'GET'))).toBe('ok');
  });

  it('tells who listens that something changed', async () => {
    const { enforcer: e } = enforcer();
    let changes = 0;
    e.onChange(() => {
      changes += 1;
    });
    await e.load(set(1, []));
    await e.load(set(0, []));
    expect(changes).toBe(1);
  });
});

describe('PolicyFollower', () => {
  class ScriptedSource extends PolicySource {
    version = 1;
    readonly asked: number[][] = [];
    isAway = false;
    revoked: { sessionId: string; until: number }[] = [];

    async fetch(knownVersion: number, revokedSince: number): Promise<PolicyUpdate> {
      this.asked.push([knownVersion, revokedSince]);
      const { version, revoked } = this;
      await Promise.resolve();
      if (this.isAway) throw new Error('away');
      const update = { version, revoked, asOf: 1_000_000 };
      return version === knownVersion ? update : { ...update, set: set(version, [allow('user', `/${version}`)]) };
    }
  }

  function following() {
    const { enforcer: e, clock } = enforcer();
    const source = new ScriptedSource();
    const revoked = new RevokedSessions(clock, 1000);
    return { e, clock, source, revoked, follower: new PolicyFollower(source, e, revoked) };
  }

  it('asks for what it does not have, and for revocations since a little before the last answer', async () => {
    const { e, source, follower } = following();
    await follower.refresh();
    await follower.refresh();
    expect(source.asked).toEqual([
      [0, 0],
      [1, 990_000],
    ]);
    expect(e.version).toBe(1);
  });

  it('has the version in force when reload is answered, also when a fetch with the old one was under way', async () => {
    const { e, source, follower } = following();
    const early = follower.refresh();
    source.version = 2;
    await Promise.all([early, follower.reload(2), follower.reload(2)]);
    expect(e.version).toBe(2);
    expect(source.asked).toHaveLength(2);
    await follower.reload(1);
    expect(source.asked).toHaveLength(2);
  });

  it('does not answer a reload that it could not do', async () => {
    const { source, follower } = following();
    source.version = 1;
    await expect(follower.reload(2)).rejects.toMatchObject({ code: 'server.unavailable' });
    source.isAway = true;
    await expect(follower.reload(2)).rejects.toThrow('away');
  });

  it('learns of revoked sessions after a restart, before it lets anybody in', async () => {
    const { source, revoked, follower } = following();
    source.revoked = [{ sessionId: '0-s1', until: 1_000_500 }];
    await follower.refresh();
    expect(revoked.has('0-s1')).toBe(true);
  });
});

describe('RevokedSessions', () => {
  it('refuses until the last token has expired, then forgets', () => {
    const clock = new FixedClock();
    const revoked = new RevokedSessions(clock, 1000);
    revoked.add({ sessionIds: ['0-s1'], action: 'login' });
    revoked.add({ sessionIds: ['0-s2'], action: 'reconnect' });
    revoked.learn([{ sessionId: '0-s1', until: clock.time + 1 }]);
    expect([revoked.has('0-s1'), revoked.has('0-s2')]).toEqual([true, false]);
    clock.time += 999;
    expect(revoked.has('0-s1')).toBe(true);
    clock.time += 1;
    expect(revoked.has('0-s1')).toBe(false);
    clock.time += 60_000;
    revoked.add({ sessionIds: ['0-s3'], action: 'stop' });
    expect(revoked.size).toBe(1);
  });
});
