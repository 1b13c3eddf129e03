import { describe, expect, it } from 'vitest';
import { errorMaker } from '../error-answers.js';
import { FakeClockwork } from '../testing/fake-clockwork.js';
import { AuthorizedRest } from './authorized-rest.js';
import { Http } from './http.js';
import { locate } from './request.js';

const errors = errorMaker('zh-CN');

function anHttp(answer: (url: string, init: RequestInit) => Promise<Response>) {
  const clockwork = new FakeClockwork();
  const seen: { url: string; init: RequestInit }[] = [];
  const fetch = ((url: string, init: RequestInit) => {
    seen.push({ url, init });
    return answer(url, init);
  }) as typeof globalThis.fetch;
  return {
    clockwork,
    seen,
    http: new Http({ fetch, clockwork, errors, base: 'https://chat.example.org', language: 'zh-CN' }),
  };
}
const problem = (status: number, code: string) =>
  new Response(
    JSON.stringify({
      status,
      code,
      title: 'Title.',
      detail: 'Detail.',
      retryable: true,
      retryAfterMs: 9,
      traceId: 't',
    }),
    { status },
  );

describe('locate', () => {
  it('fills in the path, and repeats the name of a list', () => {
    expect(
      locate('http://x', 'GET /conversations/{conversationId}/members/{userId}' as never, {
        params: { conversationId: 'a/b', userId: 'ü' },
        query: { ids: ['1', '2'], limit: 3, none: undefined, flag: true },
      }),
    ).toEqual({
      method: 'GET',
      url: 'http://x/api/v1/conversations/a%2Fb/members/%C3%BC?ids=1&ids=2&limit=3&flag=true',
    });
  });

  it('refuses to send a path with a hole', () => {
    expect(() => locate('http://x', 'GET /users/{userId}', {})).toThrow('params.userId');
  });
});

describe('Http', () => {
  it('sends token, key and language, and never cookies', async () => {
    const { http, seen } = anHttp(async () => new Response(null, { status: 204 }));
    expect(await http.send('POST /auth/logout', { body: {}, idempotencyKey: 'k' }, 'token')).toBeUndefined();
    expect(seen[0]).toMatchObject({
      url: 'https://chat.example.org/api/v1/auth/logout',
      init: {
        method: 'POST',
        body: '{}',
        credentials: 'omit',
        headers: { authorization: 'Bearer token', 'idempotency-key': 'k', 'accept-language': 'zh-CN' },
      },
    });
  });

  it('makes a problem an error with all that it says', async () => {
    const { http } = anHttp(async () => problem(429, 'limit.rate'));
    await expect(http.send('GET /users/me', {})).rejects.toMatchObject({
      code: 'limit.rate',
      message: 'Title. Detail.',
      status: 429,
      retryable: true,
      retryAfterMs: 9,
      traceId: 't',
    });
  });

  it.each([
    ['a page with an error', new Response('<html>', { status: 502 })],
    ['a page that pretends to be fine', new Response('<html>', { status: 200 })],
    ['JSON of somebody else', new Response('{"message":"Forbidden"}', { status: 403 })],
  ])('does not take %s for an answer', async (_, response) => {
    const { http } = anHttp(async () => response);
    await expect(http.send('GET /users/me', {})).rejects.toMatchObject({ code: 'client.bad_answer', retryable: true });
  });

  it('gives up in time, and says so in the language asked for', async () => {
    const { http, clockwork } = anHttp(
      (_, { signal }) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    const asked = http.send('GET /users/me', {}).catch((error: unknown) => error);
    await clockwork.pass(30_000);
    expect(await asked).toMatchObject({ code: 'client.timeout', message: '服务器未及时响应。' });
    expect(clockwork.waiting).toBe(0);
  });

  it('knows the clock of the server', async () => {
    const { http, clockwork } = anHttp(
      async () => new Response('{}', { headers: { date: new Date(clockwork.now() + 7_200_000).toUTCString() } }),
    );
    await http.send('GET /users/me', {});
    expect(http.serverNow() - clockwork.now()).toBe(7_200_000);
  });
});

describe('AuthorizedRest', () => {
  function aRest(codes: (string | undefined)[], other: string | undefined) {
    const { http, seen } = anHttp(async () => {
      const code = codes.shift();
      return code === undefined ? new Response('{}') : problem(401, code);
    });
    const tokens = { token: async () => 'old', replace: async () => other };
    return { seen, rest: new AuthorizedRest(http, tokens, () => errors('client.signed_out')) };
  }

  it('repeats once with a new token', async () => {
    const { rest, seen } = aRest(['auth.token_expired', undefined], 'new');
    await rest.call('GET /users/me', {});
    expect(seen.map(({ init }) => (init.headers as Record<string, string>)['authorization'])).toEqual([
      'Bearer old',
      'Bearer new',
    ]);
  });

  it('does not repeat for ever', async () => {
    const { rest, seen } = aRest(['auth.token_expired', 'auth.token_expired'], 'new');
    await expect(rest.call('GET /users/me', {})).rejects.toMatchObject({ code: 'auth.token_expired' });
    expect(seen).toHaveLength(2);
  });

  it('does not take a wrong password for a bad token', async () => {
    const { rest, seen } = aRest(['auth.invalid_credentials'], 'new');
    await expect(rest.call('PUT /users/me/password', { body: { current: '', next: '' } })).rejects.toMatchObject({
      code: 'auth.invalid_credentials',
    });
    expect(seen).toHaveLength(1);
  });
});
