import { beforeAll, describe, expect, it } from 'vitest';
import { Api } from './support/api.js';
import { ADMIN_PASSWORD, PASSWORD } from './support/people.js';
import { adminCli, type Finished } from './support/admin-cli.js';
import type { Opened, User } from './support/shapes.js';
import { useServer } from './support/use-server.js';

interface Rule {
  ptype: string;
  values: string[];
}

describe('shell administration', () => {
  const server = useServer('admin-cli');
  const settings = { PARLEY_ADMIN_PASSWORD: PASSWORD };
  const run = (...args: string[]): Promise<Finished> => adminCli(server.current.url, args, settings);
  const succeed = async <T>(...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await run(...args, '--json');
    expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as T;
  };
  const login = (username: string, password: string) =>
    new Api(server.current.url).call<Opened & { code?: string }>('POST', '/auth/login', {
      body: { username, password },
    });
  let ada: User & { password: string };

  beforeAll(async () => {
    const first = { PARLEY_ADMIN_PASSWORD: ADMIN_PASSWORD };
    const early = await adminCli(server.current.url, ['user', 'list'], first);
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('password change') });
    const changed = await adminCli(server.current.url, ['password', 'change'], {
      ...first,
      PARLEY_NEW_PASSWORD: PASSWORD,
    });
    expect(changed).toMatchObject({ code: 0 });
    ada = await succeed('user', 'create', 'ada', '--display-name', 'Ada \u5f20');
  });

  it('makes an account whose printed password logs in', async () => {
    expect((await login('ada', ada.password)).status).toBe(200);
    const named = await adminCli(server.current.url, ['user', 'create', 'bob'], {
      PARLEY_NEW_PASSWORD: 'bobs password',
    });
    expect(named).toMatchObject({ code: 0 });
    expect(named.stdout).not.toContain('bobs password');
    expect((await login('bob', 'bobs password')).status).toBe(200);
  });

  it('lists users for people and for machines', async () => {
    const { stdout } = await run('user', 'list');
    expect(stdout).toMatch(/^ID +NAME +SHOWN AS +ROLES +SINCE\n/);
    expect(stdout).toContain('Ada \u5f20');
    const found = await succeed<User[]>('user', 'list', 'ad', '--limit', '10');
    expect(found.map((user) => user.username).sort()).toEqual(['ada', 'admin']);
  });

  it('a ban ends the login, and lifting it lets back in', async () => {
    expect(await run('user', 'ban', 'ADA', '--reason', 'spam', '--until', '2999-01-01')).toMatchObject({
      code: 0,
      stdout: `Banned ada (${ada.userId}) until 2999-01-01T00:00:00.000Z.\n`,
    });
    expect((await login('ada', ada.password)).body.code).toBe('auth.banned');
    expect(await run('user', 'unban', ada.userId)).toMatchObject({ code: 0 });
    expect((await login('ada', ada.password)).status).toBe(200);
  });

  it('ends sessions, and leaves none of its own behind', async () => {
    const { body } = await login('ada', ada.password);
    await succeed('user', 'sessions', 'end', 'ada');
    const refusal = await new Api(server.current.url, body.accessToken).refusal('GET', '/users/me');
    expect(refusal.code).toBe('auth.session_revoked');
    const admin = await login('admin', PASSWORD);
    const sessions = await new Api(server.current.url, admin.body.accessToken).get<{ items: unknown[] }>(
      '/users/me/sessions',
    );
    expect(sessions.items).toHaveLength(1);
  });

  it('a role is in force with the next request, and gone with the next one after', async () => {
    const { body } = await login('ada', ada.password);
    const api = new Api(server.current.url, body.accessToken);
    await succeed('role', 'assign', 'ada', 'admin');
    await api.get('/admin/users');
    expect((await run('role', 'list')).stdout).toContain(ada.userId);
    await succeed('role', 'unassign', 'ada', 'admin');
    expect((await api.refusal('GET', '/admin/users')).code).toBe('authz.denied');
  });

  it('adds, checks and removes a rule', async () => {
    const rule = ['p', '@ada', '/api/v1/contacts', 'GET', 'deny'];
    const check = () => run('policy', 'check', '@ada', '/api/v1/contacts', 'GET');
    expect((await check()).stdout).toMatch(/^allowed: /);
    await succeed('policy', 'add', ...rule);
    expect((await check()).stdout).toBe(`denied: p ${ada.userId} /api/v1/contacts GET deny\nroles: user\n`);
    const { items } = await succeed<{ items: Rule[] }>('policy', 'list');
    expect(items).toContainEqual({ ptype: 'p', values: [ada.userId, ...rule.slice(2)] });
    await succeed('policy', 'remove', ...rule);
    expect(await run('policy', 'remove', ...rule)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^policy\.not_found: .*\nReload the policies\.\n$/),
    });
  });

  it('what it changed is in the audit trail', async () => {
    const trail = await succeed<{ action: string; subject: string }[]>('audit');
    const actions = trail.map((entry) => entry.action);
    for (const area of ['ban', 'role', 'policy']) expect(actions.join(' ')).toContain(area);
    expect((await run('audit', '--limit', '1')).stderr).toContain('There are more');
  });

  it('says in one sentence what it did not understand', async () => {
    for (const [args, sentence] of [
      [['user', 'frob'], 'There is no command `user frob`; `user` has: create, list, ban, unban, sessions end.'],
      [['user', 'ban'], '`user ban` takes 1 operand, not 0.'],
      [['user', 'ban', 'ada', '--until', 'tomorrow'], '--until takes an ISO 8601 time with its zone'],
      [['audit', '--frob'], "Unknown option '--frob'."],
    ] as [string[], string][]) {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.slice(0, sentence.length)).toBe(sentence);
      expect(stderr).toContain('usage: npm run admin -- ');
    }
  });

  it('says what is wrong with password and address', async () => {
    const wrong = await adminCli(server.current.url, ['audit'], { PARLEY_ADMIN_PASSWORD: 'something else' });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^auth\.invalid_credentials: /) });
    const unasked = await adminCli(server.current.url, ['audit'], {});
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('PARLEY_ADMIN_PASSWORD') });
    const nowhere = await adminCli('http://127.0.0.1:1', ['audit'], settings);
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('Is the server running?') });
  });
});
