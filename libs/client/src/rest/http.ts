import type { AnswerOf, OperationName, RequestOf } from '../api.js';
import { fromProblem } from '../error-answers.js';
import { type ErrorMaker, ParleyError } from '../errors.js';
import type { Clockwork } from '../ports.js';
import { type AnyRequest, locate } from './request.js';

const ANSWER_WITHIN_MS = 30_000;

export interface HttpParts {
  fetch: typeof fetch;
  clockwork: Clockwork;
  errors: ErrorMaker;
  /** Origin of the server. */
  base: string;
  language: string;
}

/** One request, one answer, one kind of error. Knows no session. */
export class Http {
  #skewMs = 0;

  constructor(private readonly parts: HttpParts) {}

  /** The server's clock, to a second or two, where its answers tell it; else ours. For times that the server gives. */
  serverNow(): number {
    return this.parts.clockwork.now() + this.#skewMs;
  }

  async send<N extends OperationName>(name: N, request: RequestOf<N>, token?: string): Promise<AnswerOf<N>> {
    return (await this.exchange(name, request as AnyRequest, token)).body as AnswerOf<N>;
  }

  /** `at` is the server's clock at the answer, where the answer tells it. */
  async exchange(name: OperationName, request: AnyRequest, token?: string): Promise<{ body: unknown; at?: number }> {
    const { method, url } = locate(this.parts.base, name, request);
    const hasBody = request.body !== undefined;
    const { body, response } = await this.#within(request.signal, async (signal) => {
      const response = await this.parts.fetch(url, {
        method,
        signal,
        // The token is the only credential. Cookies would be somebody else's.
        credentials: 'omit',
        cache: 'no-store',
        headers: {
          accept: 'application/json',
          'accept-language': this.parts.language,
          ...(hasBody ? { 'content-type': 'application/json' } : {}),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
        },
        ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
      });
      return { response, body: response.status === 204 ? undefined : await response.text() };
    });
    const answer = this.#parsed(body, response.status);
    if (!response.ok)
      throw fromProblem(answer, response.status) ?? this.parts.errors('client.bad_answer', { status: response.status });
    const date = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(date)) return { body: answer };
    this.#skewMs = date - this.parts.clockwork.now();
    return { body: answer, at: date };
  }

  #parsed(text: string | undefined, status: number): unknown {
    if (text === undefined || text === '') return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw this.parts.errors('client.bad_answer', { status });
    }
  }

  async #within<T>(given: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clockwork, errors } = this.parts;
    if (given?.aborted) throw errors('client.cancelled');
    const ended = new AbortController();
    let late = false;
    const stop = clockwork.after(ANSWER_WITHIN_MS, () => {
      late = true;
      ended.abort();
    });
    const giveUp = () => ended.abort();
    given?.addEventListener('abort', giveUp);
    try {
      return await work(ended.signal);
    } catch (error) {
      if (error instanceof ParleyError) throw error;
      throw errors(given?.aborted ? 'client.cancelled' : late ? 'client.timeout' : 'client.offline');
    } finally {
      stop();
      given?.removeEventListener('abort', giveUp);
    }
  }
}
