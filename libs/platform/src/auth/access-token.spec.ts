import { goodToken, signed, tokenForgeries } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { ACCESS_TOKEN, signAccessToken, verifyAccessToken } from './access-token.js';

const NOW = 1_800_000_000_000;
const good = await goodToken(NOW / 1000);
const forgeries = await tokenForgeries(good);
const check = (token: string, now = NOW) =>
  verifyAccessToken(token, async (kid) => (kid === good.kid ? good.publicKey : undefined), { issuer: 'parley', now });

describe('access tokens', () => {
  it('say what was put into them', async () => {
    const claims = {
      userId: '0-ann',
      sessionId: '0-session',
      deviceId: 'phone',
      roles: ['user', 'admin'],
      issuedAt: NOW,
      expiresAt: NOW + 600_000,
    };
    const token = await signAccessToken({ kid: good.kid, privateKey: good.privateKey }, claims, 'parley');
    expect(token.length).toBeLessThan(ACCESS_TOKEN.maxLength / 4);
    expect(await check(token)).toEqual(claims);
    expect(await check(good.token)).toMatchObject({ userId: '0-ann', roles: ['user'] });
  });

  it.each(forgeries)('refuse $name', async ({ token, code = 'auth.token_invalid' }) => {
    await expect(check(token)).rejects.toMatchObject({ code });
  });

  it('forgive clocks a few seconds, not more', async () => {
    const skew = ACCESS_TOKEN.skewSeconds * 1000;
    await expect(check(good.token, NOW + 600_000 + skew - 1000)).resolves.toBeDefined();
    await expect(check(good.token, NOW + 600_000 + skew)).rejects.toMatchObject({ code: 'auth.token_expired' });
    await expect(check(good.token, NOW - skew)).resolves.toBeDefined();
    await expect(check(good.token, NOW - skew - 1000)).rejects.toMatchObject({ code: 'auth.token_invalid' });
  });

  it('with a key that cannot be had are neither good nor bad: the trouble is passed on', async () => {
    const away = new Error('identity does not answer');
    const token = await signed(good);
    const asked = verifyAccessToken(token, () => Promise.reject(away), { issuer: 'parley', now: NOW });
    await expect(asked).rejects.toBe(away);
  });
});
