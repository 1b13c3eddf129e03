import { describe, expect, it } from 'vitest';
import { inForce, normalizeAddress, parseBan } from './ban.js';

const NOW = 1_000;
const ban = (part: object) => ({ kind: 'user', value: '0198f3a0-1', reason: '', until: 0, ...part });
const codeOf = (part: object) => {
  try {
    parseBan(ban(part), NOW);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('bans', () => {
  it('brings addresses to one form', () => {
    expect(normalizeAddress('::FFFF:192.0.2.1')).toBe('192.0.2.1');
    expect(normalizeAddress(' 2001:DB8::1 ')).toBe('2001:db8::1');
    expect(parseBan(ban({ kind: 'address', value: '::ffff:192.0.2.1' }), NOW)).toMatchObject({ value: '192.0.2.1' });
  });

  it('takes users and addresses, for a time or for good', () => {
    expect(codeOf({})).toBe('ok');
    expect(codeOf({ kind: 'address', value: '2001:db8::1', until: NOW + 1 })).toBe('ok');
    for (const wrong of [
      { kind: 'device' },
      { value: 'ann' },
      { kind: 'address', value: 'example.org' },
      { kind: 'address', value: '10.0.0.0/8' },
      { until: NOW },
      { reason: 'two\nlines' },
      { reason: 'x'.repeat(501) },
    ])
      expect(codeOf(wrong), JSON.stringify(wrong)).toBe('request.invalid');
  });

  it('ends when it says', () => {
    expect([inForce({ until: 0 }, NOW), inForce({ until: NOW + 1 }, NOW), inForce({ until: NOW }, NOW)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
