import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICIES, DEFAULTS_SINCE, DEFAULTS_VERSION, newDefaults } from './default-policies.js';
import { keyOf, type PolicyRule } from './policy-rule.js';

const guest = (path: string, method: string): PolicyRule => ({
  type: 'p',
  subject: 'guest',
  path: `/api/v1/${path}`,
  method,
  effect: 'allow',
});
const FIRST = 1;

/** The rules as release 1 seeded them. */
function firstRelease(): PolicyRule[] {
  const since = new Set(DEFAULTS_SINCE.flat().map(({ rule }) => keyOf(rule)));
  const replaced = DEFAULTS_SINCE.flat().flatMap(({ beside, replaces }) => (replaces ? [beside] : []));
  return [...DEFAULT_POLICIES.filter((rule) => !since.has(keyOf(rule))), ...replaced];
}

function upgraded(rules: readonly PolicyRule[], version: number): PolicyRule[] {
  const { add, remove } = newDefaults(rules, version);
  const gone = new Set(remove.map(keyOf));
  return [...rules.filter((rule) => !gone.has(keyOf(rule))), ...add];
}

const keys = (rules: readonly PolicyRule[]) => rules.map(keyOf).sort();

describe('default rules of older installations', () => {
  it('become those of a new one where nobody changed them', () => {
    expect(keys(upgraded(firstRelease(), FIRST))).toEqual(keys(DEFAULT_POLICIES));
  });

  it('a change of the defaults is in the list of what each release changed', () => {
    // The first release, as it went out: if this differs, a rule of DEFAULT_POLICIES was changed and no installation would learn of it.
    const digest = createHash('sha256').update(keys(firstRelease()).join('\n\n')).digest('hex');
    expect(digest.slice(0, 16)).toBe('d1958a8633acc8c0');
  });

  it('stay as they are at the newest version, whatever was taken away since', () => {
    const fewer = DEFAULT_POLICIES.slice(0, 4);
    expect(newDefaults(fewer, DEFAULTS_VERSION)).toEqual({ add: [], remove: [] });
    expect(newDefaults([], FIRST)).toEqual({ add: [], remove: [] });
  });

  it('open nothing beside what an administrator closed', () => {
    const members = guest('conversations/[^/]+/members', 'GET');
    const join = guest('conversations/[^/]+/(join|leave)', 'POST');
    const closed = firstRelease().filter((rule) => ![members, join].map(keyOf).includes(keyOf(rule)));
    const { add, remove } = newDefaults(closed, FIRST);
    expect(add).toEqual([guest('conversations/[^/]+/pins', 'GET')]);
    expect(remove).toEqual([]);
  });

  it('leave own rules alone, and what an administrator added before is there once', () => {
    const own: PolicyRule[] = [
      guest('invitations/[^/]+', 'GET'),
      { type: 'p', subject: 'user', path: '/api/v1/users', method: 'GET', effect: 'deny' },
    ];
    const after = upgraded([...firstRelease(), ...own], FIRST);
    expect(new Set(keys(after)).size).toBe(after.length);
    expect(keys(after)).toEqual(expect.arrayContaining(keys(own)));
  });
});
