import { ERROR_KINDS, type ErrorLanguage, errorLanguage, errorText } from '@parley/contracts';
import { DomainError, type ErrorKind } from '@parley/kernel';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { countError } from '../../gateway-counters.js';
import { notJson } from './json-bodies.js';

/** Everything that REST answers in error: RFC 9457 problem details with Parley's code. Unknown errors are logged here, once, their text withheld. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also for what Fastify's router refuses before Nest sees it. */
  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = this.known(thrown);
    countError('rest', error.code);
    const { http: statusCode, retryable } = ERROR_KINDS[error.kind];
    const { retryAfterMs, errors } = error.details;
    if (retryAfterMs !== undefined) void reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
    if (statusCode === 401) void reply.header('www-authenticate', 'Bearer');
    const language = errorLanguage(request.headers['accept-language']);
    void reply
      .status(statusCode)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .header('content-language', language)
      .header('vary', 'Accept-Language, Origin')
      .send({
        type: `urn:parley:error:${error.code}`,
        status: statusCode,
        code: error.code,
        ...texts(error, language),
        retryable,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(errors === undefined ? {} : { errors }),
        traceId: request.id,
      });
  }

  private known(thrown: unknown): DomainError {
    if (thrown instanceof DomainError) return thrown;
    const status = statusOf(thrown);
    if (status === 404) return new DomainError('request.not_found', 'not_found');
    if (status === 413) return new DomainError('limit.size', 'too_large');
    if (status === 429) return new DomainError('limit.rate', 'rate_limited');
    if (status === 415) return notJson();
    if (status !== undefined && status >= 400 && status < 500)
      return new DomainError('request.invalid', 'invalid', { message: 'The request cannot be read.' });
    this.logger.error(thrown);
    return new DomainError('server.internal', 'internal' satisfies ErrorKind);
  }
}

/** `title` says what happened. `detail` says what is special about it, in English, else what one can do. */
function texts(error: DomainError, language: ErrorLanguage): { title: string; detail: string } {
  const { meaning, advice } = errorText(error.code, language) ?? { meaning: error.code, advice: '' };
  const special = language === 'en' && error.details.message !== meaning ? error.details.message : undefined;
  return { title: meaning, detail: special ?? advice };
}

/** Nest's exceptions and Fastify's own (bad JSON, body too large) both carry a status. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
