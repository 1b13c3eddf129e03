import { ERROR_CODES, ERROR_KINDS, type ErrorCodeName, type Operation, operations, problem } from '@parley/contracts';
import type { z } from 'zod';
import { routeOf } from '../inbound/http/operation.js';
import { DocumentSchemas } from './schemas.js';

type Json = Record<string, unknown>;

/** What any operation can answer besides its own errors. */
const COMMON = [
  'request.invalid',
  'limit.size',
  'limit.rate',
  'server.busy',
  'server.unavailable',
  'server.internal',
] as const;
const AUTHENTICATED = [
  'auth.token_missing',
  'auth.token_invalid',
  'auth.token_expired',
  'auth.session_revoked',
  'authz.denied',
] as const;

/** The OpenAPI 3.1 document of everything below `/api/v1`, made from the operations that also validate. */
export function openApiDocument(version: string): Json {
  const schemas = new DocumentSchemas();
  schemas.of(problem);
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = routeOf(operation).replace(/:(\w+)/g, '{$1}');
    const item = paths[path] ?? {};
    paths[path] = item;
    item[operation.method.toLowerCase()] = operationObject(operation, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version,
      description:
        'REST surface of Parley; the socket is described at /api/asyncapi.json. Begin with `POST /api/v1/auth/register`, `login` or `guest`: every other request carries its `accessToken` as `Authorization: Bearer …` (here: the button "Authorize"). Errors are problem details; `x-error-codes` lists every code.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: schemas.components,
    },
    'x-error-codes': errorCodes(),
  };
}

/** The closed list of error codes with meaning, advice and status. */
export function errorCodes(): Json[] {
  return Object.entries(ERROR_CODES).map(([code, { kind, meaning, advice }]) => ({
    code,
    status: ERROR_KINDS[kind].http,
    retryable: ERROR_KINDS[kind].retryable,
    meaning,
    advice,
  }));
}

function operationObject(operation: Operation, schemas: DocumentSchemas): Json {
  const status = String(operation.status ?? (operation.response === undefined ? 204 : 200));
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.tag],
    security: operation.access === 'open' ? [] : [{ bearer: [] }],
    parameters: [
      ...parameters(operation.params, 'path', schemas),
      ...parameters(operation.query, 'query', schemas),
      ...(operation.idempotent === true
        ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 64 } }]
        : []),
    ],
    ...(operation.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemas.of(operation.body, 'input') } },
          },
        }),
    responses: {
      [status]: {
        description: 'Done',
        ...(operation.response === undefined
          ? {}
          : { content: { 'application/json': { schema: schemas.of(operation.response) } } }),
      },
      ...errorResponses(operation),
    },
  };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: DocumentSchemas): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemas.of(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function errorResponses(operation: Operation): Json {
  const codes = [...COMMON, ...(operation.access === 'user' ? AUTHENTICATED : []), ...(operation.errors ?? [])];
  const byStatus = Map.groupBy(codes, (code) => String(ERROR_KINDS[ERROR_CODES[code as ErrorCodeName].kind].http));
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
