import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICIES } from './default-policies.js';
import { refuseLockOut, rolesHeldBy } from './lock-out.js';
import { parseRule, type PolicyRule, valuesOf } from './policy-rule.js';

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const USER = '0198f3a0-0000-7000-8000-000000000001';
const p = (subject: string, path: string, method = 'GET', effect = 'allow') => [subject, path, method, effect];

describe('policy rules', () => {
  it('takes what the defaults are made of', () => {
    for (const rule of DEFAULT_POLICIES) expect(parseRule(rule.type, valuesOf(rule), 'rules.0')).toEqual(rule);
    expect(parseRule('g', [USER, 'admin'], 'rules.0')).toEqual({ type: 'g', subject: USER, role: 'admin' });
    expect(parseRule('g', ['moderator', 'user'], 'rules.0')).toEqual({ type: 'g', subject: 'moderator', role: 'user' });
  });

  it.each([
    ['a comma', 'p', p('user', '/x, admin')],
    ['a newline', 'p', p('user', '/x\np')],
    ['a carriage return', 'p', p('user', '/x\r')],
    ['a quote', 'p', p('user', '/x"')],
    ['a comment', 'p', p('user', '/x#')],
    ['a space', 'p', p('user', '/x y')],
    ['a NUL', 'p', p('user', '/x\0')],
    ['a newline in the method', 'p', p('user', '/x', 'GET\n')],
    ['another effect', 'p', p('user', '/x', 'GET', 'allow\n')],
    ['an upper-case subject', 'p', p('Admin', '/x')],
    ['a subject with a comma', 'p', p('user, admin', '/x')],
    ['an empty subject', 'p', p('', '/x')],
    ['a path without a slash', 'p', p('user', 'x')],
    ['no regular expression', 'p', p('user', '/(')],
    ['nested repetition', 'p', p('user', '/(a+)+')],
    ['repeated alternatives', 'p', p('user', '/(a|a)*')],
    ['a back reference', 'p', p('user', '/(a)\\1')],
    ['a long pattern', 'p', p('user', `/${'a'.repeat(300)}`)],
    ['an empty method', 'p', p('user', '/x', '')],
    ['too few values', 'p', ['user', '/x']],
    ['too many values', 'g', ['user', 'admin', 'x']],
    ['another type', 'p2', p('user', '/x')],
    ['a role of itself', 'g', ['admin', 'admin']],
    ['a user as a role', 'g', ['user', USER]],
    ['a role with a newline', 'g', [USER, 'admin\n']],
  ])('refuses %s', (_, ptype, values) => {
    expect(codeOf(() => parseRule(ptype, values, 'rules.0'))).toBe('request.invalid');
  });
});

describe('locking out', () => {
  const seeded: PolicyRule[] = [...DEFAULT_POLICIES, { type: 'g', subject: USER, role: 'admin' }];
  const deny = (subject: string, path: string, method = '.*'): PolicyRule => ({
    type: 'p',
    subject,
    path,
    method,
    effect: 'deny',
  });

  it('lets pass what leaves an administrator who may administer', () => {
    expect(codeOf(() => refuseLockOut([...seeded, deny('user', '/api/v1/contacts.*')]))).toBe('ok');
    expect(codeOf(() => refuseLockOut([...seeded, deny('guest', '/api/.*')]))).toBe('ok');
  });

  it('refuses what leaves none', () => {
    expect(codeOf(() => refuseLockOut(DEFAULT_POLICIES))).toBe('policy.would_lock_out');
    const withoutAllow = seeded.filter((rule) => rule.type === 'g' || rule.subject !== 'admin');
    expect(codeOf(() => refuseLockOut(withoutAllow))).toBe('policy.would_lock_out');
    expect(codeOf(() => refuseLockOut([...seeded, deny('admin', '/api/v1/admin/.*', 'DELETE')]))).toBe(
      'policy.would_lock_out',
    );
    expect(codeOf(() => refuseLockOut([...seeded, deny('user', '/api/v1/.*')]))).toBe('policy.would_lock_out');
    const inherited: PolicyRule[] = [{ type: 'g', subject: 'admin', role: 'staff' }, deny('staff', '/api/.*')];
    expect(codeOf(() => refuseLockOut([...seeded, ...inherited]))).toBe('policy.would_lock_out');
  });

  it('follows roles through roles, also in a circle', () => {
    const circle: PolicyRule[] = [
      { type: 'g', subject: 'aa', role: 'bb' },
      { type: 'g', subject: 'bb', role: 'aa' },
    ];
    expect(rolesHeldBy(['aa'], circle)).toEqual(new Set(['aa', 'bb']));
  });
});
