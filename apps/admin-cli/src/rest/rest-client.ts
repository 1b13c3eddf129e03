import type { BodyOf, Operation, ParamsOf, QueryOf, ResponseOf } from '@parley/contracts';
import { Failure } from '../failure.js';
import { refusalText } from './refusal.js';

const DEADLINE_MS = 30_000;

type Given<K extends string, T> = T extends undefined ? { [key in K]?: undefined } : { [key in K]: T };
/** What an operation wants, by its own definition. */
export type Call<O extends Operation> = Given<'params', ParamsOf<O>> &
  Given<'query', QueryOf<O>> &
  Given<'body', BodyOf<O>>;

type Parts = { params?: object; query?: object; body?: unknown };

/** REST of one server, as one caller. Throws Failure for everything but a success. */
export class RestClient {
  constructor(
    readonly baseUrl: URL,
    private readonly token?: string,
  ) {}

  /** The same server with another caller's rights. */
  as(token: string): RestClient {
    return new RestClient(this.baseUrl, token);
  }

  async call<O extends Operation>(operation: O, call: Call<O>): Promise<ResponseOf<O>> {
    const { body } = call as Parts;
    const response = await this.send(this.urlOf(operation, call as Parts), {
      method: operation.method,
      headers: {
        accept: 'application/json',
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Failure(refusalText(response.status, response.content));
    return response.content as ResponseOf<O>;
  }

  private async send(url: URL, request: RequestInit): Promise<{ ok: boolean; status: number; content: unknown }> {
    try {
      // A redirect would carry a password or a token to somewhere else.
      const response = await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(DEADLINE_MS) });
      const text = await response.text();
      const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
      return {
        ok: response.ok,
        status: response.status,
        content: isJson && text !== '' ? JSON.parse(text) : undefined,
      };
    } catch (error) {
      const { message, cause } = error as Error & { cause?: Error & { code?: string } };
      throw new Failure(
        `No answer from ${this.baseUrl.origin} (${cause?.code ?? cause?.message ?? message}). ` +
          'Is the server running? PARLEY_URL names another one.',
      );
    }
  }

  private urlOf({ path }: Operation, { params = {}, query = {} }: Parts): URL {
    const values = params as Record<string, string>;
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
    const url = new URL(`${this.baseUrl.pathname.replace(/\/$/, '')}/api/v1${filled}`, this.baseUrl);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url;
  }
}
