import { DomainError } from '@parley/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { ProblemFilter } from './problem.filter.js';

/** What a client with this Accept-Language gets for an error. */
function answerTo(error: DomainError, acceptLanguage?: string) {
  const answer: { body?: Record<string, unknown>; headers: Record<string, unknown> } = { headers: {} };
  const reply = {
    header: (name: string, value: unknown) => ((answer.headers[name] = value), reply),
    status: () => reply,
    send: (body: Record<string, unknown>) => ((answer.body = body), reply),
  };
  const request = { id: 'trace', headers: { 'accept-language': acceptLanguage } };
  new ProblemFilter().answer(error, request as unknown as FastifyRequest, reply as unknown as FastifyReply);
  return answer;
}

describe('ProblemFilter', () => {
  it('says what happened, then what one can do', () => {
    const again = new DomainError('auth.username_taken', 'already_exists', { message: 'This username is taken.' });
    expect(answerTo(again).body).toMatchObject({ title: 'This username is taken.', detail: 'Choose another.' });
  });

  it('says what is special about this one time where there is something', () => {
    const special = new DomainError('limit.size', 'too_large', { message: 'At most 100 conversations at once.' });
    expect(answerTo(special).body).toMatchObject({ detail: 'At most 100 conversations at once.' });
  });

  it('answers in Chinese where the client prefers it, with the same code', () => {
    const taken = new DomainError('auth.username_taken', 'already_exists', { message: 'This username is taken.' });
    const { body, headers } = answerTo(taken, 'zh-CN,zh;q=0.9,en;q=0.8');
    expect(body).toMatchObject({
      code: 'auth.username_taken',
      title: '该用户名已被占用。',
      detail: '请换一个用户名。',
    });
    expect(headers).toMatchObject({ 'content-language': 'zh-CN', vary: 'Accept-Language, Origin' });
  });
});
