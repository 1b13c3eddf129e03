import type { ErrorCode } from './api.js';

/**
 * What the client itself can run into.
 * `client.offline` no connection, and this cannot wait in the outbox · `client.timeout` no answer in time · `client.closed` the client was closed ·
 * `client.signed_out` nobody is signed in · `client.upload_failed` the object store refused the bytes · `client.cancelled` the caller gave up ·
 * `client.bad_answer` not an answer of Parley: a proxy's page, say
 */
export type ClientErrorCode =
  | 'client.offline'
  | 'client.timeout'
  | 'client.closed'
  | 'client.signed_out'
  | 'client.upload_failed'
  | 'client.cancelled'
  | 'client.bad_answer';

export interface ErrorDetails {
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  /** What is wrong with which field. */
  errors?: readonly { path: string; message: string }[] | undefined;
  status?: number | undefined;
  traceId?: string | undefined;
}

/** Every rejection of the SDK. `message` is a sentence for people, in the language asked for; decide by `code` and `retryable`. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  /** The same request may succeed later. */
  readonly retryable: boolean;
  /** Not before this many milliseconds. */
  readonly retryAfterMs: number | undefined;
  readonly errors: readonly { path: string; message: string }[];
  readonly status: number | undefined;
  readonly traceId: string | undefined;

  constructor(
    readonly code: ErrorCode | ClientErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message);
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.errors = details.errors ?? [];
    this.status = details.status;
    this.traceId = details.traceId;
  }
}

/** Makes an error of the client's own, its text in the language asked for. */
export type ErrorMaker = (code: ClientErrorCode, details?: ErrorDetails) => ParleyError;
