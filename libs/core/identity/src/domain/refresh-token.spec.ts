import { describe, expect, it } from 'vitest';
import { anOpening, DAY_MS, START } from '../testing/builders.js';
import { hashOf, judgeRefresh, makeRefreshToken, parseRefreshToken } from './refresh-token.js';

const { opening } = anOpening('0-0000000001');
const { session } = opening;
const token = (generation: number) => makeRefreshToken(session, generation, 'secret-00000000000000001');
const judge = (part: object, generation: number, known = true, now = START, deviceId = '') =>
  judgeRefresh({ ...session, ...part }, token(generation), known, now, deviceId);

describe('refresh tokens', () => {
  it('are read back as they were made, and hashed as a whole', () => {
    const made = token(7);
    expect(parseRefreshToken(made.token)).toEqual(made);
    expect(hashOf(made)).not.toBe(hashOf(token(8)));
    expect(made.token).not.toContain(session.refreshKey);
  });

  it.each(['', 'prt', 'eyJhbGciOiJFUzI1NiJ9.e30.x', 'prt.a.0.b.c', `prt.${'a'.repeat(1_000_000)}`])(
    'nothing of another form is looked at: %.40j',
    (text) => {
      expect(parseRefreshToken(text)).toBeUndefined();
    },
  );

  it('are good until a later generation was used', () => {
    expect(judge({ usedGeneration: 0 }, 1)).toBe('rotate');
    expect(judge({ usedGeneration: 1 }, 1)).toBe('rotate');
    expect(judge({ usedGeneration: 2 }, 1)).toBe('reused');
    expect(judge({ usedGeneration: 2 }, 1, false)).toBe('reused');
  });

  it('are refused when unknown, forged, revoked, too old, or brought by another device', () => {
    expect(judge({}, 1, false)).toBe('invalid');
    expect(judge({ refreshKey: 'another' }, 1)).toBe('invalid');
    expect(judge({ revokedAt: START }, 1)).toBe('revoked');
    expect(judge({}, 1, true, START + 90 * DAY_MS)).toBe('expired');
    expect(judge({}, 1, true, START, 'phone')).toBe('rotate');
    expect(judge({}, 1, true, START, 'tablet')).toBe('invalid');
    expect(judgeRefresh(undefined, token(1), true, START, '')).toBe('invalid');
  });

  it('cannot be made to end a session by who does not have one', () => {
    const forged = makeRefreshToken({ ...session, refreshKey: 'guessed' }, 1, 'secret-00000000000000001');
    expect(judgeRefresh({ ...session, usedGeneration: 5 }, forged, false, START, '')).toBe('invalid');
  });
});
