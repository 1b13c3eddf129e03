import { Clock, type DeviceId, type SessionId, type UserId } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { RevokedSessions } from '../domain/revoked-sessions.js';
import { InMemoryPolicyEngine } from '../testing/in-memory-policy-engine.js';
import { type Evictable, Evictor } from './evictor.js';
import { PolicyEnforcer } from './policy-enforcer.js';

class FixedClock extends Clock {
  now(): number {
    return 1000;
  }
}

class Guest implements Evictable {
  readonly principal;

  constructor(
    private readonly inside: Set<Guest>,
    userId: string,
    readonly address?: string,
  ) {
    const sessionId = `s-${userId}` as SessionId;
    this.principal = { userId: userId as UserId, sessionId, deviceId: 'd' as DeviceId, roles: ['user'] };
    inside.add(this);
  }

  saw: string | undefined;

  close(code: string, action: string): void {
    this.saw = `${code} ${action}`;
    this.inside.delete(this);
  }
}

describe('Evictor', () => {
  const enforcer = new PolicyEnforcer(new InMemoryPolicyEngine(), new FixedClock());
  const revoked = new RevokedSessions(new FixedClock(), 1000);
  const inside = new Set<Guest>();
  const evictor = new Evictor(() => inside, enforcer, revoked);
  let guests: Guest[];

  beforeEach(() => {
    inside.clear();
    guests = [
      new Guest(inside, '0-ann', '192.0.2.1'),
      new Guest(inside, '0-bob', '203.0.113.9'),
      new Guest(inside, '0-eve'),
    ];
  });
  const seen = () => guests.map((guest) => guest.saw);

  it('finds nobody to show out before there is a policy', () => {
    evictor.sweep();
    expect(inside.size).toBe(3);
  });

  it('calls nobody banned of whom it cannot tell', async () => {
    await enforcer.load({ version: 1, rules: [], bans: [] });
    enforcer.suspend();
    evictor.sweep();
    enforcer.resume();
    expect(inside.size).toBe(3);
  });

  it('shows out the banned, by user and by address, when the set with the ban is in force', async () => {
    const bans = [
      { kind: 'user', value: '0-eve', until: 0 },
      { kind: 'address', value: '203.0.113.9', until: 0 },
    ];
    await enforcer.load({ version: 1, rules: [], bans });
    expect(seen()).toEqual([undefined, 'auth.banned stop', 'auth.banned stop']);
    expect(inside.size).toBe(1);
    await enforcer.load({ version: 2, rules: [], bans: [] });
  });

  it('shows out sessions of whose end this node was not told in time', () => {
    revoked.learn([{ sessionId: 's-0-ann', until: 5000 }]);
    expect(seen()).toEqual(['auth.session_revoked login', undefined, undefined]);
  });

  it('does not walk everybody for what it knows already', () => {
    revoked.learn([{ sessionId: 's-0-ann', until: 6000 }]);
    revoked.add({ sessionIds: ['s-0-bob'], action: 'login' });
    expect(inside.size).toBe(3);
  });
});
