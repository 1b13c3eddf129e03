import { RpcClients } from '@parley/contracts/rpc';
import { PolicyEnforcer, RevokedSessions } from '@parley/core-gateway';
import { InMemoryPolicyEngine } from '@parley/core-gateway/testing';
import { Clock, DomainError } from '@parley/kernel';
import { goodToken, signed } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { JoseAccessTokenVerifier } from './jose-access-token-verifier.js';
import { SigningKeyCache } from './signing-key-cache.js';

class FixedClock extends Clock {
  time = 1_800_000_000_000;

  now(): number {
    return this.time;
  }
}

/** Identity as far as keys go. */
class KeyServer extends RpcClients {
  asked = 0;
  isAway = false;
  keys: unknown[] = [];

  of(): never {
    return {
      getKeys: async () => {
        this.asked += 1;
        if (this.isAway) throw new DomainError('server.unavailable', 'unavailable');
        return { jwksJson: JSON.stringify({ keys: this.keys }) };
      },
    } as never;
  }
}

async function door() {
  const clock = new FixedClock();
  const identity = new KeyServer();
  const good = await goodToken(clock.time / 1000);
  identity.keys = [good.jwk];
  const enforcer = new PolicyEnforcer(new InMemoryPolicyEngine(), clock);
  await enforcer.load({ version: 1, rules: [{ ptype: 'g', values: ['0-ann', 'admin'] }], bans: [] });
  const revoked = new RevokedSessions(clock, 600_000);
  const keys = new SigningKeyCache(identity, clock);
  const verifier = new JoseAccessTokenVerifier(keys, enforcer, revoked, clock, 'parley');
  return { clock, identity, good, enforcer, revoked, keys, verifier };
}

describe('JoseAccessTokenVerifier', () => {
  it('gives the roles of now, not those of the token', async () => {
    const { verifier, good, enforcer } = await door();
    expect((await verifier.verify(good.token)).principal.roles).toEqual(['user', 'admin']);
    await enforcer.load({ version: 2, rules: [], bans: [] });
    expect((await verifier.verify(good.token)).principal.roles).toEqual(['user']);
  });

  it('checks a signature once; expiry, revocation and bans every time', async () => {
    const { verifier, good, clock, enforcer, revoked } = await door();
    expect(verifier.recent(good.token)).toBeUndefined();
    const { expiresAt } = await verifier.verify(good.token);
    expect(expiresAt).toBe(clock.time + 600_000);
    expect(verifier.recent(good.token)).toMatchObject({ expiresAt });
    await enforcer.load({ version: 2, rules: [], bans: [{ kind: 'user', value: '0-ann', until: clock.time + 1 }] });
    expect(() => verifier.recent(good.token)).toThrow(expect.objectContaining({ code: 'auth.banned' }));
    clock.time += 1;
    expect(verifier.recent(good.token)).toBeDefined();
    revoked.add({ sessionIds: ['0-session'], action: 'login' });
    await expect(verifier.verify(good.token)).rejects.toMatchObject({ code: 'auth.session_revoked' });
    clock.time += 600_000 - 1;
    expect(verifier.recent(good.token)).toBeUndefined();
    clock.time += 10_000;
    await expect(verifier.verify(good.token)).rejects.toMatchObject({ code: 'auth.token_expired' });
  });

  it('looks at nothing that is too long', async () => {
    const { verifier } = await door();
    expect(verifier.recent('x'.repeat(1_000_000))).toBeUndefined();
  });
});

describe('SigningKeyCache', () => {
  it('finds a new key soon, and is not made to ask by invented ids', async () => {
    const { verifier, identity, good, clock } = await door();
    await verifier.verify(good.token);
    const next = await goodToken(clock.time / 1000);
    const token = await signed({ ...next, kid: 'next-key' });
    identity.keys.push({ ...next.jwk, kid: 'next-key' });
    for (let i = 0; i < 20; i += 1)
      await expect(verifier.verify(await signed({ ...good, kid: `invented-${i}` }))).rejects.toMatchObject({
        code: 'auth.token_invalid',
      });
    expect(identity.asked).toBe(1);
    clock.time += 5001;
    await expect(verifier.verify(token)).resolves.toBeDefined();
    expect(identity.asked).toBe(2);
  });

  it('asks once for many who wait, and tries again at once when identity was away', async () => {
    const { verifier, identity, good } = await door();
    identity.isAway = true;
    await expect(verifier.verify(good.token)).rejects.toMatchObject({ code: 'server.unavailable' });
    identity.isAway = false;
    await Promise.all([1, 2, 3].map(() => verifier.verify(good.token)));
    expect(identity.asked).toBe(2);
  });

  it('goes on with known keys while identity is away, and forgets dropped ones', async () => {
    const { keys, identity, clock } = await door();
    expect(await keys.find('the-key')).toMatchObject({ pem: expect.stringContaining('PUBLIC KEY') });
    clock.time += 600_001;
    identity.isAway = true;
    expect(await keys.find('the-key')).toBeDefined();
    identity.isAway = false;
    identity.keys = [];
    await keys.find('the-key');
    await keys.find('another');
    expect(await keys.find('the-key')).toBeUndefined();
    expect(await keys.find('__proto__')).toBeUndefined();
  });
});
