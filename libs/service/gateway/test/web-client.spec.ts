import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { Controller, Get, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemFilter } from '../src/inbound/http/problem.filter.js';
import { serveWebClient } from '../src/web/web-client.js';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(500))})`;
const STORE = 'https://files.example.org';
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

@Controller()
class ThingsController {
  @Get('/api/v1/things/:id')
  get() {
    return { it: 'answers' };
  }
}

@Module({ controllers: [ThingsController] })
class Things {}

async function openApp(directory: string): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({ imports: [Things] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalFilters(new ProblemFilter());
  await serveWebClient(app.getHttpAdapter().getInstance(), { directory, storeUrls: [`${STORE}/sub?x=1`, undefined] });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

describe('the web client on the public door', () => {
  let directory: string;
  let app: NestFastifyApplication;
  const write = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  };
  const ask = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') =>
    app.inject({ method, url, headers });
  const refused = async (url: string, headers = {}, method: 'GET' | 'POST' = 'GET') => {
    const answer = await ask(url, headers, method);
    expect([answer.statusCode, answer.headers['content-type']], url).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect(answer.json(), url).toMatchObject({ code: 'request.not_found' });
    for (const name of ['content-security-policy', 'permissions-policy']) expect(answer.headers[name]).toBeUndefined();
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-web-'));
    app = await openApp(directory);
  });
  afterAll(async () => {
    await app.close();
    await rm(directory, { recursive: true });
  });

  it('says how to build it while it is not built, and serves it as soon as it is', async () => {
    const before = await ask('/');
    expect(before.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(before.body).toContain('npm run build');
    await refused('/conversations/c1', BROWSER);
    await write('index.html', '<!doctype html><title>Parley</title>');
    await write('favicon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await write('assets/index-B4kT9x_2.js', SCRIPT);
    await write('assets/index-B4kT9x_2.js.br', brotliCompressSync(SCRIPT));
    await write('assets/index-B4kT9x_2.js.gz', gzipSync(SCRIPT));
    await write('.env', 'SECRET=1');
    const after = await ask('/');
    expect(after.statusCode).toBe(200);
    expect(after.body).toContain('<title>Parley</title>');
  });

  it('has its page asked for each time, and lets nothing of others into it', async () => {
    const { headers } = await ask('/', { host: 'chat.example.org:8443' });
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['etag']).toBeDefined();
    const policy = String(headers['content-security-policy']);
    const directives = Object.fromEntries(policy.split('; ').map((one) => [one.split(' ')[0], one]));
    expect(directives).toMatchObject({
      'default-src': "default-src 'self'",
      'script-src': "script-src 'self'",
      'style-src': "style-src 'self'",
      'img-src': `img-src 'self' blob: data: ${STORE}`,
      'media-src': `media-src 'self' blob: data: ${STORE}`,
      'connect-src': `connect-src 'self' ws://chat.example.org:8443 wss://chat.example.org:8443 ${STORE}`,
      'frame-ancestors': "frame-ancestors 'none'",
      'object-src': "object-src 'none'",
    });
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers['permissions-policy']).toContain('camera=(self), microphone=(self)');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  it('takes nothing from a Host header that is not a name', async () => {
    for (const host of ["a; script-src 'unsafe-inline'", '*', 'a b', 'x,y', "'none'"]) {
      const policy = String((await ask('/', { host })).headers['content-security-policy']);
      expect(policy, host).toContain(`connect-src 'self' ${STORE};`);
    }
  });

  it('answers 304 to who has the page already', async () => {
    const { headers } = await ask('/');
    expect((await ask('/', { 'if-none-match': String(headers['etag']) })).statusCode).toBe(304);
  });

  it('serves hashed files for good, compressed as far as the browser can', async () => {
    const path = '/assets/index-B4kT9x_2.js';
    const plain = await ask(path);
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringMatching(/javascript/),
      vary: expect.stringMatching(/accept-encoding/i),
      'x-content-type-options': 'nosniff',
    });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body).toBe(SCRIPT);
    const gzip = await ask(path, { 'accept-encoding': 'gzip' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    const brotli = await ask(path, { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotli.headers['content-type']).toBe(plain.headers['content-type']);
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(SCRIPT);
    expect((await ask('/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it('answers its page for addresses within it, also to HEAD', async () => {
    for (const path of ['/conversations/c1', '/invite/a.b', '/login?next=%2F', '/apis', '/objectsx/1']) {
      const answer = await ask(path, BROWSER);
      expect(answer.body, path).toContain('<title>Parley</title>');
      expect(answer.headers['cache-control'], path).toBe('no-cache');
      expect(answer.headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    }
    expect((await ask('/conversations/c1', BROWSER, 'HEAD')).statusCode).toBe(200);
  });

  it('leaves everything else an error of the API', async () => {
    const others = [
      '/api',
      '/api/v1/nothing',
      '/api%2fv1/nothing',
      '/API/v1',
      '/objects/x',
      '/socket.io',
      '/.well-known/x',
    ];
    for (const path of others) await refused(path, BROWSER);
    await refused('/conversations/c1');
    await refused('/conversations/c1', { accept: 'application/json' });
    await refused('/assets/index-gone1234.js', BROWSER);
    await refused('/conversations/c1', BROWSER, 'POST');
    const api = await ask('/api/v1/things/1', BROWSER);
    expect(api.json()).toEqual({ it: 'answers' });
    expect(api.headers['content-security-policy']).toBeUndefined();
  });

  it('serves nothing outside of its folder, and nothing hidden in it', async () => {
    const outside = [
      '/../package.json',
      '/assets/../../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/package.json',
      '/assets/..%5c..%5cpackage.json',
      '/.env',
      '/%2eenv',
      '//etc/passwd',
      '/assets//index-B4kT9x_2.js',
      '/assets',
      '/%00',
    ];
    for (const path of outside) await refused(path);
    const undecodable = await ask('/%ff');
    expect([400, 404]).toContain(undecodable.statusCode);
  });
});
