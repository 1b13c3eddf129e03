import { type BodyOf, clientId, type Operation, type ParamsOf, type QueryOf } from '@parley/contracts';
import { DomainError, type Principal } from '@parley/kernel';
import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { validated } from '../validation.js';

const OPERATION = Symbol('operation');

/** Set by the authentication guard on requests that carry a valid access token. */
export interface AuthenticatedRequest extends FastifyRequest {
  principal?: Principal;
}

/** A validated request: what a controller method gets, and all it may look at. */
export interface CallOf<O extends Operation> {
  params: ParamsOf<O>;
  query: QueryOf<O>;
  body: BodyOf<O>;
  /** Who calls. Always there where the operation's access is `user`. */
  caller: O['access'] extends 'user' ? Principal : Principal | undefined;
  /** The client's address, behind trusted proxies the one they report. */
  address: string;
  /** `Idempotency-Key`, or empty. */
  idempotencyKey: string;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Binds a controller method to an operation of the contract: method, path and status come from there. */
export function Handles(operation: Operation): MethodDecorator {
  return applyDecorators(
    SetMetadata(OPERATION, operation),
    RequestMapping({ method: RequestMethod[operation.method], path: routeOf(operation) }),
    HttpCode(operation.status ?? (operation.response === undefined ? 204 : 200)),
  );
}

/** `/conversations/{id}` → `/api/v1/conversations/:id`. */
export function routeOf(operation: Operation): string {
  const path = operation.path.replace(/\{(\w+)\}/g, ':$1');
  return path.startsWith('/.well-known') ? path : `/api/v1${path}`;
}

export function operationOf(context: ExecutionContext): Operation | undefined {
  return Reflect.getMetadata(OPERATION, context.getHandler()) as Operation | undefined;
}

/** Hands the validated call to the controller method: `list(@RestCall() call: CallOf<typeof rest.contacts.list>)`. */
export const RestCall = createParamDecorator((_: unknown, context: ExecutionContext): CallOf<Operation> => {
  const operation = operationOf(context);
  if (operation === undefined)
    throw new DomainError('server.internal', 'internal', { message: 'The method has no operation.' });
  const http = context.switchToHttp();
  const request = http.getRequest<AuthenticatedRequest>();
  const key = request.headers['idempotency-key'];
  return {
    params: part(operation.params, request.params, 'params'),
    query: part(operation.query, request.query, 'query'),
    body: part(operation.body, request.body, 'body'),
    caller: request.principal as Principal,
    address: request.ip,
    idempotencyKey:
      operation.idempotent === true && key !== undefined ? validated(clientId, key, 'Idempotency-Key') : '',
    request,
    reply: http.getResponse<FastifyReply>(),
  };
});

function part(schema: Operation['body'], value: unknown, at: string): undefined {
  // The generic shape has no fields; CallOf gives each controller the types of its own operation.
  return schema === undefined ? undefined : (validated(schema, value ?? {}, at) as undefined);
}
