import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NOT_BUILT } from './not-built.js';
import { WebHeaders } from './web-headers.js';

export interface WebClientOptions {
  /** What was built: an `index.html`, its `assets/` with hashed names, and siblings of them in `.br` and `.gz`. */
  directory: string;
  /** Where files go up and come down, as far as it is known and not this server. */
  storeUrls?: readonly (string | undefined)[];
}

const INDEX = '/index.html';
/** These belong to the server whatever is built: a page never answers there. */
const OTHERS = /^\/(api|socket\.io|objects|\.well-known|healthz|readyz|metrics)(\/|$)/i;
/** Segments of letters that need no thought; none begins with a dot. */
const FILE = /^(\/[\w@~-][\w.@~-]*)+$/;
/** A build gives these another name when they change. */
const HASHED = /^\/assets\/.*[.-][\w-]{8,}\.\w+$/;

/**
 * Serves the web client on every path that is nobody else's: its files, and its page for addresses within it. Everything that is not
 * meant for a person's browser keeps being answered as an error of the API. What lies in the folder is looked up for each request: a
 * client that is built while the server runs is there at once.
 */
export async function serveWebClient(fastify: FastifyInstance, options: WebClientOptions): Promise<void> {
  const { directory } = options;
  const headers = new WebHeaders(options.storeUrls ?? []);
  // Only `sendFile`; the routes are those below.
  await fastify.register(fastifyStatic, { root: directory, serve: false, preCompressed: true, cacheControl: false });

  const sendPage = async (request: FastifyRequest, reply: FastifyReply) => {
    const isBuilt = await isFile(directory, INDEX);
    if (!isBuilt && pathOf(request) !== '/') return reply.callNotFound();
    void reply.headers({ ...headers.of(request), 'cache-control': 'no-cache' });
    return isBuilt ? reply.sendFile(INDEX) : reply.type('text/html; charset=utf-8').send(NOT_BUILT);
  };
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request);
    if (path === undefined || OTHERS.test(path)) return reply.callNotFound();
    if (path === '/' || path === INDEX) return sendPage(request, reply);
    if (FILE.test(path) && (await isFile(directory, path))) {
      const caching = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
      return reply.headers({ ...headers.of(request), 'cache-control': caching }).sendFile(path);
    }
    // A script that is gone must not be answered with a page.
    return wantsPage(request) && !path.startsWith('/assets/') ? sendPage(request, reply) : reply.callNotFound();
  };
  fastify.get('/', sendPage);
  fastify.get('/*', answer);
}

/** Decoded, as the router saw it. Undefined for what cannot be decoded. */
function pathOf(request: FastifyRequest): string | undefined {
  try {
    return decodeURIComponent((request.raw.url ?? '').split(/[?#]/, 1)[0] ?? '');
  } catch {
    return undefined;
  }
}

const wantsPage = (request: FastifyRequest): boolean => /\btext\/html\b/i.test(request.headers.accept ?? '');

async function isFile(directory: string, path: string): Promise<boolean> {
  try {
    return (await stat(join(directory, path))).isFile();
  } catch {
    return false;
  }
}
