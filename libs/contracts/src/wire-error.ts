import { DomainError, type ErrorKind } from '@parley/kernel';
import { Metadata, status } from '@grpc/grpc-js';
import type { Failure } from './gen/parley/common/v1/common.js';

/** kind → gRPC status, HTTP status, "try again?". A kind without a row does not compile. */
export const ERROR_KINDS: Record<ErrorKind, { grpc: status; http: number; retryable: boolean }> = {
  invalid: { grpc: status.INVALID_ARGUMENT, http: 400, retryable: false },
  unauthenticated: { grpc: status.UNAUTHENTICATED, http: 401, retryable: false },
  forbidden: { grpc: status.PERMISSION_DENIED, http: 403, retryable: false },
  not_found: { grpc: status.NOT_FOUND, http: 404, retryable: false },
  already_exists: { grpc: status.ALREADY_EXISTS, http: 409, retryable: false },
  conflict: { grpc: status.ABORTED, http: 409, retryable: false },
  precondition: { grpc: status.FAILED_PRECONDITION, http: 422, retryable: false },
  too_large: { grpc: status.OUT_OF_RANGE, http: 413, retryable: false },
  rate_limited: { grpc: status.RESOURCE_EXHAUSTED, http: 429, retryable: true },
  unavailable: { grpc: status.UNAVAILABLE, http: 503, retryable: true },
  internal: { grpc: status.INTERNAL, http: 500, retryable: false },
};

const METADATA_KEY = 'parley-error-bin';
/** Trailers have a limit (8 KiB and less on some ways); whoever reads more field errors than these mends the first ones first. */
const MAX_FIELD_ERRORS = 20;
const MAX_TEXT = 100;

/** The shape that grpc-js writes to the wire when a handler fails with it. */
export interface WireError {
  code: status;
  details: string;
  metadata: Metadata;
}

export function toFailure(error: DomainError): Failure {
  return {
    code: error.code,
    kind: error.kind,
    message: error.details.message ?? '',
    errors: error.details.errors ?? [],
    retryAfterMs: error.details.retryAfterMs ?? 0,
  };
}

export function failureToError(failure: Failure): DomainError {
  const kind = failure.kind in ERROR_KINDS ? (failure.kind as ErrorKind) : 'internal';
  return new DomainError(failure.code, kind, {
    ...(failure.message === '' ? {} : { message: failure.message }),
    ...(failure.errors.length === 0 ? {} : { errors: failure.errors }),
    ...(failure.retryAfterMs === 0 ? {} : { retryAfterMs: failure.retryAfterMs }),
  });
}

/** Code and kind travel in metadata, so that the other side rebuilds the same error. */
export function toWireError(error: DomainError): WireError {
  const metadata = new Metadata();
  const failure = toFailure(error);
  const errors = failure.errors
    .slice(0, MAX_FIELD_ERRORS)
    .map(({ path, message }) => ({ path: path.slice(0, MAX_TEXT), message: message.slice(0, MAX_TEXT) }));
  metadata.set(METADATA_KEY, Buffer.from(JSON.stringify({ ...failure, errors })));
  return { code: ERROR_KINDS[error.kind].grpc, details: error.code, metadata };
}

/** Did a service answer with an error of its own? Otherwise the call failed on the way, or was not served. */
export function wasRefused(error: unknown): boolean {
  return packedError(error) !== undefined;
}

/** Rebuilds what the other side threw. Errors without our metadata come from the transport: `server.unavailable`, text withheld. */
export function domainErrorFromWire(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const packed = packedError(error);
  if (packed !== undefined) return failureToError(JSON.parse(packed.toString()) as Failure);
  return new DomainError('server.unavailable', 'unavailable', { message: 'A part of the server does not answer.' });
}

function packedError(error: unknown): Buffer | undefined {
  const metadata = (error as Partial<WireError>).metadata;
  const packed = metadata instanceof Metadata ? metadata.get(METADATA_KEY)[0] : undefined;
  return packed instanceof Buffer ? packed : undefined;
}
