import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import { useServer } from './support/use-server.js';

describe('a hostile client over REST', () => {
  const server = useServer('hostile-rest');
  let alice: Person;
  let conversationId: string;

  beforeAll(async () => {
    const [one, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    alice = one;
    conversationId = await alice.directWith(bob);
  });

  const post = (path: string, rawBody: string, headers?: Record<string, string>) =>
    alice.api.call<{ code: string; errors?: { path: string }[] }>('POST', path, { rawBody, headers });

  it('what is no JSON, or the wrong JSON, is a request error', async () => {
    const path = `/conversations/${conversationId}/messages`;
    const bodies = [
      '',
      '{',
      '[]',
      'null',
      '7',
      '"x"',
      '{"a":1',
      '\u0000',
      '{"clientMsgId":{}}',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    ];
    for (const body of bodies) {
      const answer = await post(path, body);
      expect(answer, body.slice(0, 40)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    }
  });

  it('names the fields that are wrong', async () => {
    const answer = await post(
      '/conversations',
      JSON.stringify({ kind: 'choir', title: '', memberIds: 'all', extra: 1 }),
    );
    expect(answer.status).toBe(400);
    const paths = JSON.stringify(answer.body.errors);
    for (const field of ['kind', 'title', 'memberIds']) expect(paths).toContain(field);
  });

  it('refuses unknown fields, prototype keys and lone surrogates', async () => {
    const path = `/conversations/${conversationId}/messages`;
    const id = () => `"clientMsgId":"${newId()}","type":"text"`;
    const bodies = [
      `{${id()},"content":{"text":"x"},"senderId":"u"}`,
      `{${id()},"content":{"text":"x"},"__proto__":{"a":1}}`,
      `{${id()},"content":{"text":"x","__proto__":{"a":1}}}`,
      `{${id()},"content":{"text":"x"},"constructor":{"prototype":{"a":1}}}`,
      `{${id()},"content":{"text":"\\ud800"}}`,
    ];
    for (const body of bodies)
      expect(await post(path, body), body).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect((await alice.api.refusal('GET', '/conversations?limit=5&surprise=1')).status).toBe(400);
    for (const limit of ['0', '101', '-1', '1.5', 'NaN', '1e3', '']) {
      const refusal = await alice.api.refusal('GET', `/conversations?limit=${limit}`);
      expect(refusal.status, `limit=${limit}`).toBe(400);
    }
  });

  it('refuses what is too big with a size error', async () => {
    const path = `/conversations/${conversationId}/messages`;
    const text = (length: number) => ({ clientMsgId: newId(), type: 'text', content: { text: 'x'.repeat(length) } });
    expect((await alice.api.refusal('POST', path, text(17 * 1024))).code).toBe('limit.size');
    expect(await alice.api.refusal('POST', path, text(3 * 1024 * 1024))).toMatchObject({
      status: 413,
      code: 'limit.size',
    });
    const bigToken = await fetch(`${server.current.url}/api/v1/users/me`, {
      headers: { authorization: `Bearer ${'x'.repeat(1024 * 1024)}` },
    }).then(
      (answer) => answer.status,
      () => 'closed',
    );
    expect([400, 401, 413, 431, 'closed']).toContain(bigToken);
  });

  it('answers unknown paths, methods and content types in the documented form', async () => {
    expect(await alice.api.refusal('GET', '/no/such/path')).toMatchObject({ status: 404, code: 'request.not_found' });
    expect((await alice.api.refusal('PUT', '/conversations')).status).toBeLessThan(500);
    const xml = await post('/conversations', '<a/>', { 'content-type': 'application/xml' });
    expect(xml.status).toBeLessThan(500);
    expect(xml.status).toBeGreaterThanOrEqual(400);
  });

  it('odd ids in paths are refused, never looked up as something else', async () => {
    const ids = ['..', '%00', '%2e%2e%2fetc', 'a'.repeat(500), '__proto__', "1' OR '1'='1", '%F0%9F%90%88', '%ff'];
    for (const id of ids) {
      const url = `/conversations/${id.includes('%') ? id : encodeURIComponent(id)}/messages`;
      const answer = await alice.api.call('GET', url);
      expect([400, 404, 413, 414], id).toContain(answer.status);
    }
  });

  it('search strings are text, not patterns', async () => {
    for (const q of ['%', '_', "'", '"', '*', '\\', '(', '[', '%25%', 'a'.repeat(200), '\u202e']) {
      const answer = await alice.api.call('GET', `/users?q=${encodeURIComponent(q)}`);
      expect([200, 400, 413], q).toContain(answer.status);
    }
    const everybody = await alice.api.call<{ items?: unknown[] }>('GET', '/users?q=%25');
    expect(everybody.body.items ?? []).toEqual([]);
  });

  it('reveals nothing of its insides', async () => {
    const answer = await alice.api.call('GET', '/users/me');
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    for (const path of ['/healthz', '/readyz', '/metrics', '/.env', '/api/v1/../../package.json'])
      expect((await fetch(server.current.url + path)).status, path).toBe(404);
  });
});
