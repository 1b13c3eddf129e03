import type { IncomingMessage } from 'node:http';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionRegistry } from '@parley/core-gateway';
import fastifyHelmet from '@fastify/helmet';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asyncApiDocument } from './documents/asyncapi.js';
import { openApiDocument } from './documents/openapi.js';
import { ErrorFilter } from './inbound/error.filter.js';
import { dropAbandoned } from './inbound/http/abandoned-requests.js';
import { readJsonBodies } from './inbound/http/json-bodies.js';
import { ProblemFilter } from './inbound/http/problem.filter.js';
import { ParleyIoAdapter } from './inbound/ws/socket-adapter.js';
import { DiagnosticListener } from './inbound/ws/diagnostic-listener.js';
import { CLOSE_GRACE_MS } from './inbound/ws/socket-link.js';
import { socketOptions } from './inbound/ws/socket-options.js';
import type { GatewaySettings } from './settings.js';
import { serveWebClient } from './web/web-client.js';

const MAX_BODY_BYTES = 128 * 1024;
/** What pages of other origins may read of answers: of the API, and of the embedded object store. */
const EXPOSED_HEADERS = ['retry-after', 'location', 'etag', 'content-range', 'content-disposition', 'accept-ranges'];
const PREFLIGHT_SECONDS = 600;
/** Reconnects after a drain are spread over this time, so that they do not arrive as one wave. */
const RECONNECT_SPREAD_MS = 5000;
/** A little longer than a link waits for a reader before it cuts the connection. */
const DRAIN_MS = CLOSE_GRACE_MS + 100;

/** Fastify as the public door wants it: bounded bodies, believed proxies only, a trace id on each request. */
export function gatewayHttpAdapter(settings: GatewaySettings): FastifyAdapter {
  const problems = new ProblemFilter();
  const adapter = new FastifyAdapter({
    // Paths that cannot be decoded or are too long.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      problems.answer(error, request, reply),
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: settings.PARLEY_TRUSTED_PROXIES.length === 0 ? false : settings.PARLEY_TRUSTED_PROXIES,
    genReqId: traceIdOf,
    routerOptions: { maxParamLength: 200 },
  });
  return dropAbandoned(readJsonBodies(adapter, MAX_BODY_BYTES));
}

export interface GatewayAppOptions {
  version: string;
  /** Where the built web client lies when the settings name no other place. */
  webDirectory: string;
  /** Of the object store, as clients reach it; undefined where that is this server itself. */
  storeUrl?: string | undefined;
}

/** What REST and sockets need beyond the module: headers, origins, the Socket.IO set-up, the documents and the web client. */
export async function configureGateway(
  app: NestFastifyApplication,
  settings: GatewaySettings,
  { version, webDirectory, storeUrl }: GatewayAppOptions,
): Promise<void> {
  const origins = settings.PARLEY_ALLOWED_ORIGINS;
  app.useGlobalFilters(new ErrorFilter());
  app.enableCors({
    origin: origins.includes('*') ? true : origins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
  // The API answers JSON and attachments; the docs page brings inline scripts of its own.
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // This host only: what else lives under the domain is not ours to bind to https.
    strictTransportSecurity: { includeSubDomains: false },
  });
  app.useWebSocketAdapter(new ParleyIoAdapter(app, socketOptions(settings)));
  const fastify = app.getHttpAdapter().getInstance();
  const asyncApi = asyncApiDocument(version);
  const directory = settings.PARLEY_WEB_DIR ?? webDirectory;
  if (directory === 'off') fastify.get('/', (_request, reply) => reply.redirect('/api/docs'));
  else
    await serveWebClient(fastify, { directory: resolve(directory), storeUrls: [settings.PARLEY_PUBLIC_URL, storeUrl] });
  fastify.get('/api/asyncapi.json', (_request, reply) => reply.send(asyncApi));
  SwaggerModule.setup('api/docs', app, openApiDocument(version) as unknown as OpenAPIObject, {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
  });
}

/** Opens the diagnostic listener where the settings ask for one. */
export async function openDiagnosticListener(settings: GatewaySettings): Promise<DiagnosticListener | undefined> {
  if (settings.PARLEY_DIAGNOSTIC_PORT === undefined || settings.PARLEY_DIAGNOSTIC_PORT === 0) return undefined;
  const listener = new DiagnosticListener(socketOptions(settings));
  await listener.listen(settings.PARLEY_DIAGNOSTIC_PORT, settings.PARLEY_HTTP_HOST);
  return listener;
}

/**
 * Asks every socket of this node to come back in a moment, each at a time of its own. Resolves when they had the time to hear it:
 * closing the server throws away what is not written yet, and the last word is what keeps them from all coming back at once.
 */
export async function drainSockets(app: NestFastifyApplication): Promise<void> {
  const sockets = [...app.get(SessionRegistry, { strict: false }).all()];
  for (const socket of sockets)
    socket.close('server.draining', 'reconnect', Math.floor(Math.random() * RECONNECT_SPREAD_MS));
  if (sockets.length > 0) await sleep(DRAIN_MS);
}

/** The trace id of a W3C `traceparent`, else a new one. */
function traceIdOf(request: IncomingMessage): string {
  const header = request.headers['traceparent'];
  const match = typeof header === 'string' ? /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(header) : null;
  return match?.[1] ?? randomBytes(16).toString('hex');
}
