import { checkAnswer, operationOf } from './contract-check.js';
import type { Problem } from './shapes.js';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

type Json = Record<string, unknown>;

interface CallOptions {
  body?: unknown;
  /** Sent as they are, instead of a body as JSON. */
  rawBody?: string;
  headers?: Record<string, string>;
  /** Instead of the client's own; null sends none. */
  token?: string | null;
}

/** REST as any outside program would use it. Paths are below `/api/v1`. */
export class Api {
  constructor(
    readonly baseUrl: string,
    public token?: string,
  ) {}

  /** Any answer, also a refusal; each is checked against the contract. */
  async call<T = Json>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const token = options.token === undefined ? this.token : options.token;
    const full = path.startsWith('/.well-known') || path.startsWith('/api/') ? path : `/api/v1${path}`;
    const response = await fetch(this.baseUrl + full, {
      method,
      redirect: 'manual',
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(options.body === undefined && options.rawBody === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body: options.rawBody ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    });
    const contentType = response.headers.get('content-type') ?? '';
    const text = await response.text();
    const body: unknown = /[/+]json\b/.test(contentType) ? JSON.parse(text) : text;
    checkAnswer(method, full.split('?')[0] as string, { status: response.status, contentType, body });
    return { status: response.status, headers: response.headers, body: body as T };
  }

  get<T = Json>(path: string): Promise<T> {
    return this.succeed('GET', path);
  }

  post<T = Json>(path: string, body: unknown = {}, headers?: Record<string, string>): Promise<T> {
    return this.succeed('POST', path, body, headers);
  }

  put<T = Json>(path: string, body: unknown = {}): Promise<T> {
    return this.succeed('PUT', path, body);
  }

  patch<T = Json>(path: string, body: unknown): Promise<T> {
    return this.succeed('PATCH', path, body);
  }

  delete<T = Json>(path: string): Promise<T> {
    return this.succeed('DELETE', path);
  }

  /** The refusal that is expected; a success is a failed test. */
  async refusal(method: string, path: string, body?: unknown): Promise<Problem> {
    const answer = await this.call<Problem>(method, path, { body });
    if (answer.status < 400)
      throw new Error(`${method} ${path} was to be refused, but: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  private async succeed<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.call<T>(method, path, { body: withoutBodyWhereNone(method, path, body), headers });
    if (answer.status >= 300)
      throw new Error(`${method} ${path} was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

/** POST and PUT of operations that take no body are sent without one. */
function withoutBodyWhereNone(method: string, path: string, body: unknown): unknown {
  if (body === undefined || Object.keys(body as Json).length > 0) return body;
  const operation = operationOf(method, path.startsWith('/.well-known') ? path : `/api/v1${path.split('?')[0]}`);
  return operation?.body ? body : undefined;
}
