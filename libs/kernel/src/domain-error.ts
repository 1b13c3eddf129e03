/** What went wrong, seen from the caller. A closed set: every kind has one gRPC status, one HTTP status and one answer to "try again?". */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'already_exists'
  | 'conflict'
  | 'precondition'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** One wrong field of a request. `path` is dotted, e.g. `content.text`. */
export interface FieldError {
  path: string;
  message: string;
}

export interface ErrorDetails {
  /** Shown to people who debug; never holds secrets or message text. */
  message?: string;
  /** Fields that were wrong, for `request.invalid`. */
  errors?: FieldError[];
  /** When trying again makes sense, in milliseconds from now. */
  retryAfterMs?: number;
}

/**
 * The only error that crosses a port. `code` is `<context>.<what>` from the published list (contracts, error-codes);
 * `kind` decides how it looks on each wire. Everything else that is thrown counts as `internal`.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    readonly details: ErrorDetails = {},
  ) {
    super(details.message ?? code);
  }

  static is(error: unknown): error is DomainError {
    return error instanceof DomainError;
  }
}

/** Makes a factory for one error of a context's closed list: `const notAMember = errorOf('message.not_a_member', 'forbidden', '…')`. */
export function errorOf(code: string, kind: ErrorKind, message: string) {
  return (details: ErrorDetails = {}): DomainError => new DomainError(code, kind, { message, ...details });
}
