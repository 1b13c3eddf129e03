import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it } from 'vitest';
import { readJsonBodies } from './json-bodies.js';

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** What the handler gets as body, or the message of the refusal. */
async function posted(type: string, payload: string): Promise<unknown> {
  const fastify = readJsonBodies(new FastifyAdapter(), 1000).getInstance();
  fastify.post('/', async (request) => ({ body: request.body ?? 'none' }));
  fastify.setErrorHandler(async (error: Error) => ({ refused: error.message }));
  const answer = await fastify.inject({ method: 'POST', url: '/', headers: { 'content-type': type }, payload });
  return answer.json<unknown>();
}

describe('bodies', () => {
  it('are read as JSON', async () => {
    expect(await posted(JSON_TYPE, '{"a":1}')).toEqual({ body: { a: 1 } });
  });

  it.each([JSON_TYPE, FORM, 'text/plain'])('that are empty count as none, also when called %s', async (type) => {
    expect(await posted(type, '')).toEqual({ body: 'none' });
  });

  it.each([FORM, 'text/plain'])('called %s are refused by name, not misread', async (type) => {
    expect(await posted(type, '{"a":1}')).toEqual({
      refused: 'The body must be JSON: send it with content-type application/json.',
    });
  });

  it.each(['{', '{"__proto__":{"a":1}}'])('that are not JSON are called so: %s', async (payload) => {
    expect(await posted(JSON_TYPE, payload)).toEqual({ refused: 'The body is not valid JSON.' });
  });
});
