import { describe, expect, it } from 'vitest';
import { DEFAULT_OPEN_PATHS, OpenPaths } from './open-paths.js';
import { rolesIn } from './roles.js';

describe('open paths', () => {
  const paths = new OpenPaths(DEFAULT_OPEN_PATHS);

  it.each(['/api/v1/auth/login', '/.well-known/jwks.json', '/api/docs', '/api/docs/x.js', '/api/openapi.json'])(
    'lets %s be asked without a token',
    (path) => expect(paths.has(path)).toBe(true),
  );

  it.each([
    '/api/v1/auth/logout',
    '/api/v1/auth/login/..',
    '/api/v1/auth/loginx',
    '/x/api/v1/auth/login',
    '/api/v1/auth/login\n',
    '/xwell-known/jwks.json',
    '/api/v1/users/me;/api/v1/auth/login',
    '',
  ])('does not take %j for one of them', (path) => expect(paths.has(path)).toBe(false));
});

describe('roles in rules', () => {
  it('are all that any rule names, with members and what they include', () => {
    const rules = [
      { ptype: 'p', values: ['user', '/a', '.*', 'allow'] },
      { ptype: 'p', values: ['0-ann', '/b', '.*', 'deny'] },
      { ptype: 'g', values: ['0-ann', 'admin'] },
      { ptype: 'g', values: ['moderator', 'user'] },
      { ptype: 'g', values: ['moderator', 'auditor'] },
    ];
    expect(rolesIn(rules)).toEqual([
      { role: 'admin', members: ['0-ann'], includes: [] },
      { role: 'auditor', members: [], includes: [] },
      { role: 'moderator', members: [], includes: ['user', 'auditor'] },
      { role: 'user', members: [], includes: [] },
    ]);
  });
});
