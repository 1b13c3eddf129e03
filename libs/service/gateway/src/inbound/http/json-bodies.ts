import { DomainError } from '@parley/kernel';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

type Done = (error: Error | null, body?: unknown) => void;

/** What `curl -d`, HTML forms and scripts send unless told otherwise, and what would be read as something else. */
const MISTAKEN = ['application/x-www-form-urlencoded', 'text/plain'];

const unreadable = (): DomainError =>
  new DomainError('request.invalid', 'invalid', { message: 'The body is not valid JSON.' });
export const notJson = (): DomainError =>
  new DomainError('request.invalid', 'invalid', {
    message: 'The body must be JSON: send it with content-type application/json.',
  });

/**
 * JSON is the only form a body may have. An empty one counts as none, whatever its type says: many clients name the type
 * of all their requests.
 */
export function readJsonBodies(adapter: FastifyAdapter, bodyLimit: number): FastifyAdapter {
  const parse = adapter.getInstance().getDefaultJsonParser('error', 'error') as (
    request: FastifyRequest,
    text: string,
    done: Done,
  ) => void;
  adapter.useBodyParser('application/json', false, { bodyLimit }, (request, body, done: Done) => {
    if (body.length === 0) done(null);
    else
      parse(request as unknown as FastifyRequest, body.toString(), (error, value) =>
        error === null ? done(null, value) : done(unreadable()),
      );
  });
  adapter.useBodyParser(MISTAKEN, false, { bodyLimit }, (_request, body, done: Done) =>
    done(body.length === 0 ? null : notJson()),
  );
  return adapter;
}
