import { ERROR_CODES, ERROR_KINDS, type ErrorCodeName } from '@parley/contracts';
import type { DiskObjectStorage, EndpointAnswer } from '@parley/adapter-object-storage';
import { DomainError } from '@parley/kernel';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';

const PATH = '/objects/*';

/**
 * Mounts the embedded object store under `/objects/`. A scope of its own: bodies are passed on as they come, whatever their type
 * and length, while the rest of the application goes on to parse and bound its own. Call it before the application listens.
 */
export function registerObjectRoutes(fastify: FastifyInstance, storage: DiskObjectStorage): void {
  const { endpoint } = storage;
  const logger = new Logger('ObjectRoutes');
  void fastify.register(async (scope: FastifyInstance) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => refuse(reply, error, request.id, logger));
    scope.put(PATH, async (request, reply) => {
      // Without a Content-Type no parser is asked, and the body is still in the raw request.
      const body = (request.body as Readable | undefined) ?? request.raw;
      return answer(reply, await endpoint.put(request.raw.url ?? '', request.headers, body));
    });
    scope.get(PATH, async (request, reply) =>
      answer(reply, await endpoint.get(request.raw.url ?? '', request.headers)),
    );
  });
}

function answer(reply: FastifyReply, { status, headers, body }: EndpointAnswer): FastifyReply {
  return reply.status(status).headers(headers).send(body);
}

function refuse(reply: FastifyReply, thrown: unknown, traceId: string, logger: Logger): FastifyReply {
  const error = thrown instanceof DomainError ? thrown : new DomainError('server.internal', 'internal');
  if (error !== thrown) logger.error(thrown);
  const { http: status, retryable } = ERROR_KINDS[error.kind];
  const known = ERROR_CODES[error.code as ErrorCodeName];
  return reply
    .status(status)
    .headers({
      'content-type': 'application/problem+json; charset=utf-8',
      // What is left of a refused upload is not worth reading.
      connection: 'close',
      'x-content-type-options': 'nosniff',
    })
    .send(
      JSON.stringify({
        type: `urn:parley:error:${error.code}`,
        title: known?.meaning ?? error.code,
        status,
        code: error.code,
        detail: error.details.message ?? known?.advice ?? '',
        retryable,
        traceId,
      }),
    );
}
