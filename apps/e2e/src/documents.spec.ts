import { Parser } from '@asyncapi/parser';
import { type Operation, operations, socketCommands, socketEvents } from '@parley/contracts';
import { describe, expect, it } from 'vitest';
import { Api } from './support/api.js';
import { Device } from './support/device.js';
import { administrator, person } from './support/people.js';
import type { Problem } from './support/shapes.js';
import { useStandalone } from './support/use-server.js';

interface OpenApiOperation {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
  security?: object[];
}

interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, unknown> };
}

const fullPath = ({ path }: Operation) => (path.startsWith('/.well-known') ? path : `/api/v1${path}`);

/** Every place that a `$ref` points to. */
function refsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, part] of Object.entries(value)) {
    if (key === '$ref' && typeof part === 'string') found.add(part);
    else refsIn(part, found);
  }
  return found;
}

const resolve = (document: unknown, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);

describe('the published documents', () => {
  const server = useStandalone('documents');
  const openApi = async () => (await (await fetch(`${server.current.url}/api/openapi.json`)).json()) as OpenApi;
  const asyncApi = async () => (await fetch(`${server.current.url}/api/asyncapi.json`)).text();

  it('OpenAPI is whole: every reference resolves, every parameter of a path is described, ids are unique', async () => {
    const document = await openApi();
    expect(document.openapi).toMatch(/^3\.1\./);
    for (const ref of refsIn(document)) {
      expect(ref).toMatch(/^#\//);
      expect(resolve(document, ref), ref).toBeDefined();
    }
    const ids: string[] = [];
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        ids.push(operation.operationId);
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
        const described = (operation.parameters ?? []).filter((one) => one.in === 'path');
        expect(described.map((one) => one.name).sort(), `${method} ${path}`).toEqual(inPath);
        expect(described.every((one) => one.required)).toBe(true);
        expect(
          Object.keys(operation.responses).some((status) => /^[23]/.test(status)),
          `${method} ${path}`,
        ).toBe(true);
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('OpenAPI names exactly the operations of the contract', async () => {
    const document = await openApi();
    const published = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    );
    expect(published.sort()).toEqual(operations.map((one) => `${one.method} ${fullPath(one)} ${one.id}`).sort());
  });

  it('every operation is served, and needs a token exactly where it says so', async () => {
    const open = new Api(server.current.url);
    const admin = await administrator(server.current);
    for (const operation of operations) {
      const path = fullPath(operation).replaceAll(/\{\w+\}/g, 'x');
      const url = path.startsWith('/api/v1') ? path.slice('/api/v1'.length) : path;
      const without = await open.call<Problem>(operation.method, url);
      if (operation.access === 'user') expect(without.body.code, operation.id).toBe('auth.token_missing');
      else expect(without.body.code, operation.id).not.toBe('auth.token_missing');
      // A user of its own for each: some operations end the account or the session.
      const { token } = url.startsWith('/admin/') ? admin : await person(server.current, 'reader');
      const answer = await open.call<Problem>(operation.method, url, { token });
      expect(answer.body?.code, `${operation.method} ${url}`).not.toBe('authz.denied');
      expect(answer.body?.code, `${operation.method} ${url}`).not.toBe('request.not_found');
    }
  });

  it('AsyncAPI is valid', async () => {
    const { document, diagnostics } = await new Parser().parse(await asyncApi());
    expect(diagnostics.filter((one) => one.severity === 0)).toEqual([]);
    expect(document?.version()).toMatch(/^3\./);
  });

  it('AsyncAPI names every command and event of the contract, and the server knows every command', async () => {
    const text = await asyncApi();
    for (const { event } of [...socketCommands, ...socketEvents]) expect(text).toContain(`"${event}"`);
    const alice = await person(server.current, 'alice');
    for (const { event } of socketCommands) {
      const device = await Device.connect(server.current.url, alice.token);
      const ack = await device.ask(event, {});
      if (!ack.ok) expect(ack.error.code, event).not.toBe('request.unknown_event');
      device.close();
    }
  });

  it('there is a page for people', async () => {
    const page = await fetch(`${server.current.url}/api/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
  });
});
