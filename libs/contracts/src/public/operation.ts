import type { z } from 'zod';

/**
 * One REST operation: what validates a request, types the SDK and becomes OpenAPI. `path` is below `/api/v1` with `{name}` parameters,
 * unless it starts with `/.well-known`.
 */
export interface Operation {
  /** camelCase, unique: operationId in OpenAPI. */
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  tag: string;
  summary: string;
  /** `open` needs no token (it is on the allow-list of open paths); `user` needs an access token. */
  access: 'open' | 'user';
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Absent: 204 without a body. */
  response?: z.ZodType;
  /** 200 where not said, 204 where there is no response. */
  status?: number;
  /** Takes an `Idempotency-Key` header. */
  idempotent?: boolean;
  /** Error codes beyond those that any operation can answer. */
  errors?: readonly string[];
}

export function operation<const O extends Operation>(definition: O): O {
  return definition;
}

type Out<T> = T extends z.ZodType ? z.output<T> : undefined;
/** Path parameters, query and body of an operation after validation. */
export type ParamsOf<O extends Operation> = Out<O['params']>;
export type QueryOf<O extends Operation> = Out<O['query']>;
export type BodyOf<O extends Operation> = Out<O['body']>;
export type ResponseOf<O extends Operation> = O['response'] extends z.ZodType ? z.input<O['response']> : void;
