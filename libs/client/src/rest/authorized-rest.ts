import type { AnswerOf, OperationName, RequestOf } from '../api.js';
import { ParleyError } from '../errors.js';
import type { Rest } from '../ports.js';
import type { Http } from './http.js';

/** Where tokens come from. */
export interface TokenSource {
  /** A good access token: refreshed where it is about to end. Undefined where nobody is signed in. */
  token(): Promise<string | undefined>;
  /** The server refused this one. Answers another, or undefined when the session is over (or already another's). */
  replace(refused: string): Promise<string | undefined>;
}

/** Codes that speak of the token, not of the request; `auth.invalid_credentials`, say, is about a password in the body. */
const OF_THE_TOKEN: readonly string[] = [
  'auth.token_expired',
  'auth.token_invalid',
  'auth.token_missing',
  'auth.session_revoked',
  'auth.banned',
];

export const isOfTheToken = (error: unknown): error is ParleyError =>
  error instanceof ParleyError && OF_THE_TOKEN.includes(error.code);

export class AuthorizedRest implements Rest {
  constructor(
    private readonly http: Http,
    private readonly tokens: TokenSource,
    private readonly signedOut: () => ParleyError,
  ) {}

  async call<N extends OperationName>(name: N, request: RequestOf<N>): Promise<AnswerOf<N>> {
    const token = await this.tokens.token();
    try {
      return await this.http.send(name, request, token);
    } catch (error) {
      if (!isOfTheToken(error)) throw error;
      if (token === undefined) throw this.signedOut();
      const other = await this.tokens.replace(token);
      if (other === undefined) throw error;
      return await this.http.send(name, request, other);
    }
  }
}
