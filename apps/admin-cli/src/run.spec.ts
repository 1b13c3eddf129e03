import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from './run.js';

type Answers = Record<string, unknown>;

const opened = { accessToken: 't', user: { userId: '0a', username: 'admin', displayName: 'A', kind: 'user' } };
const users = [
  { userId: '01234567', username: 'ada', displayName: 'Ada', kind: 'user', createdAt: '2030' },
  { userId: '02', username: '01234567', displayName: 'Eve', kind: 'user', createdAt: '2031' },
];

describe('a run', () => {
  let answers: Answers;
  let asked: string[];
  const server = createServer((request: IncomingMessage, response) => {
    const path = `${request.method} ${request.url!.split('?')[0]!.slice('/api/v1'.length)}`;
    asked.push(path);
    request.resume();
    const answer = answers[path];
    response.writeHead(answer === undefined ? 204 : 200, { 'content-type': 'application/json' });
    response.end(answer === undefined ? undefined : JSON.stringify(answer));
  });
  beforeEach(async () => {
    asked = [];
    answers = { 'POST /auth/login': opened, 'GET /admin/users': { items: users } };
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  async function call(line: string, settings: Record<string, string> = {}) {
    const [out, err]: [string[], string[]] = [[], []];
    const PARLEY_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const environment = { PARLEY_URL, PARLEY_ADMIN_PASSWORD: 'secret', ...settings };
    const code = await run(
      line.split(' '),
      environment,
      (text) => out.push(text),
      (text) => err.push(text),
    );
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  it('logs in, does its work and logs out', async () => {
    expect(await call('user sessions end ada')).toEqual({
      code: 0,
      out: 'Ended all sessions of ada (01234567).',
      err: '',
    });
    expect(asked).toEqual([
      'POST /auth/login',
      'GET /admin/users',
      'DELETE /admin/users/01234567/sessions',
      'POST /auth/logout',
    ]);
  });

  it('logs out also when it fails', async () => {
    expect(await call('user unban nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no user "nobody"'),
    });
    expect(asked.at(-1)).toBe('POST /auth/logout');
  });

  it('does nothing to either when a name of one is the id of another', async () => {
    expect(await call('user ban 01234567')).toMatchObject({ code: 1 });
    expect(asked).not.toContain('POST /admin/bans');
  });

  it('does nothing but the change before the first password was changed', async () => {
    answers['POST /auth/login'] = { ...opened, user: { ...opened.user, mustChangePassword: true } };
    expect(await call('audit')).toMatchObject({ code: 1, err: expect.stringContaining('password change') });
    expect(await call('password change', { PARLEY_NEW_PASSWORD: 'another' })).toMatchObject({ code: 0 });
    expect(asked).toContain('PUT /users/me/password');
  });

  it('asks for page after page up to the limit, and says that there are more', async () => {
    answers['GET /admin/users'] = { items: users, nextCursor: 'next' };
    const { out, err } = await call('user list --limit 4 --json');
    expect(JSON.parse(out)).toHaveLength(4);
    expect(err).toContain('There are more');
  });

  it.each([
    ['user ban ada --until 2001-01-01', '--until lies in the past'],
    ['user ban ada --until 2999-01-01T10:00', '--until takes an ISO 8601 time with its zone'],
    ['audit --limit 1e3', '--limit takes a whole number'],
    ['policy add p ada /x GET', 'A rule is '],
  ])('refuses `%s` before it logs in', async (line, sentence) => {
    expect(await call(line)).toMatchObject({ code: 2, err: expect.stringContaining(sentence) });
    expect(asked).toEqual([]);
  });

  it('refuses an address that is none', async () => {
    expect(await call('audit', { PARLEY_URL: 'localhost' })).toMatchObject({ code: 2 });
  });
});
