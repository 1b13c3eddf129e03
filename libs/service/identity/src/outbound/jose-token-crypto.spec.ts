import { goodToken, tokenForgeries } from '@parley/testing';
import { exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { JoseTokenCrypto } from './jose-token-crypto.js';

const NOW = 1_800_000_000_000;

describe('JoseTokenCrypto', () => {
  const crypto = new JoseTokenCrypto('parley');
  const claims = {
    userId: '0-ann',
    sessionId: '0-session',
    deviceId: 'phone',
    roles: ['user'],
    issuedAt: NOW,
    expiresAt: NOW + 600_000,
  };

  it('verifies what it signed, with any of the published keys', async () => {
    const old = await crypto.newKey(NOW - 1);
    const current = await crypto.newKey(NOW);
    for (const key of [old, current])
      expect(await crypto.verify(await crypto.sign(key, claims), [old, current], NOW)).toEqual(claims);
    const dropped = crypto.verify(await crypto.sign(old, claims), [current], NOW);
    await expect(dropped).rejects.toMatchObject({ code: 'auth.token_invalid' });
  });

  it('publishes public halves only', async () => {
    const key = await crypto.newKey(NOW);
    const { keys } = JSON.parse(crypto.jwks([key])) as { keys: Record<string, string>[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(key.privateJwk).toContain('"d"');
  });

  it('refuses every forgery at this door too', async () => {
    const good = await goodToken(NOW / 1000);
    const key = {
      kid: good.kid,
      privateJwk: JSON.stringify(await exportJWK(good.privateKey)),
      publicJwk: JSON.stringify(good.jwk),
      createdAt: NOW,
    };
    expect(await crypto.verify(good.token, [key], NOW)).toMatchObject({ userId: '0-ann' });
    for (const { name, token, code = 'auth.token_invalid' } of await tokenForgeries(good))
      await expect(crypto.verify(token, [key], NOW), name).rejects.toMatchObject({ code });
  });
});
