import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ParleyServer } from '@parley/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { useStandalone } from './support/use-server.js';

// A client as small as can be: what is under test is who answers where.
const around = mkdtempSync(join(tmpdir(), 'parley-client-'));
const directory = join(around, 'client');
const OUTSIDE = 'outside.html';
mkdirSync(directory);
writeFileSync(join(around, OUTSIDE), 'outside');
writeFileSync(join(directory, '.hidden'), 'hidden text');
mkdirSync(join(directory, 'assets'));
writeFileSync(join(directory, 'index.html'), '<!doctype html><title>A client</title>');
writeFileSync(join(directory, 'assets/main-AbCd1234.js'), 'export {};');

describe('the web client that the gateway serves', () => {
  const server = useStandalone('web-hosting', {
    PARLEY_WEB_DIR: directory,
    PARLEY_PUBLIC_URL: 'https://chat.example.org/',
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${server.current.url}${path}`, { headers, redirect: 'manual' });
  const asBrowser = { accept: 'text/html,*/*;q=0.8' };

  afterAll(() => rmSync(around, { recursive: true }));

  it('is there on / and on addresses of its own, under a strict policy', async () => {
    for (const path of ['/', '/conversations/c1']) {
      const page = await get(path, asBrowser);
      expect(page.status, path).toBe(200);
      expect(await page.text()).toContain('A client');
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("img-src 'self' blob: data: https://chat.example.org;");
      expect(page.headers.get('x-frame-options')).toBe('DENY');
    }
    expect((await get('/assets/main-AbCd1234.js')).headers.get('cache-control')).toContain('immutable');
  });

  it('gives away nothing outside its folder, and no page where the API should answer', async () => {
    const { hostname, port } = new URL(server.current.url);
    /** As it stands: other clients tidy addresses up before they send them. */
    const raw = (path: string, headers: Record<string, string> = asBrowser) =>
      new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
        const asked = request({ hostname, port, path, headers }, (answer) => {
          let body = '';
          answer.setEncoding('utf8').on('data', (text: string) => (body += text));
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', body }),
          );
        });
        asked.on('error', reject).end();
      });
    const up = [
      '/..',
      '/%2e%2e',
      '/..%2f',
      '/%2e%2e%2f',
      '/..%5c',
      '/assets/..%2f..%2f',
      '/assets/../..',
      '/%252e%252e',
      '/.',
    ];
    for (const prefix of up)
      for (const name of [OUTSIDE, `${basename(directory)}/index.html`, 'etc/passwd', 'package.json']) {
        const { status, body } = await raw(`${prefix}/${name}`);
        expect(body, `${prefix}/${name}`).not.toMatch(/outside|root:|"name"/);
        expect(status, `${prefix}/${name}`).toBeLessThan(500);
      }
    for (const path of [
      '/assets/%00',
      '/%00',
      '/assets/main-AbCd1234.js%00.html',
      '/assets/',
      '/assets',
      '/.hidden',
      '/%',
      '/%ff',
      '//evil.example/%2f..',
    ]) {
      const { status, body } = await raw(path);
      expect(status, path).toBeLessThan(500);
      expect(body, path).not.toMatch(/outside|hidden text|export/);
    }
    for (const path of ['/assets/gone.js', '/assets/%2e%2e/gone.js']) expect((await raw(path)).status, path).toBe(404);
    for (const path of [
      '/api',
      '/api/',
      '/API/v1/x',
      '/api%2fv1%2fx',
      '/api/v1/..%2f..%2fx',
      '/api/v1/%2e%2e/x',
      '/objects/x',
      '/metrics',
      '/healthz',
      '/.well-known/x',
    ]) {
      const { status, type, body } = await raw(path);
      expect(status, path).toBeGreaterThanOrEqual(400);
      expect(type, path).not.toContain('text/html');
      expect(body, path).not.toContain('A client');
    }
    const host = await raw('/', { ...asBrowser, host: 'evil.example; script-src *' });
    expect(host.status).toBeLessThan(500);
  });

  it('lets nobody frame it, run scripts of others, or read with credentials from elsewhere', async () => {
    const page = await get('/', { ...asBrowser, origin: 'https://evil.example', cookie: 'a=b' });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|\*|http:|data:[^;]*script/);
    for (const part of ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "default-src 'self'"])
      expect(policy).toContain(part);
    for (const [name, value] of [
      ['x-content-type-options', 'nosniff'],
      ['referrer-policy', 'no-referrer'],
      ['cross-origin-opener-policy', 'same-origin'],
      ['cross-origin-resource-policy', 'same-origin'],
    ] as const)
      expect(page.headers.get(name), name).toBe(value);
    expect(page.headers.get('set-cookie')).toBeNull();
    for (const path of ['/', '/api/v1/users/me', '/objects/aa/x']) {
      const answer = await get(path, { origin: 'https://evil.example' });
      expect(answer.headers.get('access-control-allow-credentials'), path).toBeNull();
      const preflight = await fetch(server.current.url + path, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'authorization',
        },
      });
      expect(preflight.headers.get('access-control-allow-credentials'), path).toBeNull();
    }
  });

  it('changes nothing of what the API answers', async () => {
    const missing = await get('/api/v1/nothing', asBrowser);
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-type')).toContain('application/problem+json');
    expect((await get('/nothing')).headers.get('content-type')).toContain('application/problem+json');
    expect((await get('/api/v1/users/me')).status).toBe(401);
    expect((await get('/objects/aa/unsigned', asBrowser)).status).toBe(403);
    expect((await get('/.well-known/jwks.json')).status).toBe(200);
    const docs = await get('/api/docs', asBrowser);
    expect(docs.status).toBe(200);
    expect(docs.headers.get('content-security-policy')).toBeNull();
    expect((await get('/socket.io/?EIO=4&transport=polling')).status).toBe(200);
  });
});

describe('a server without a client', () => {
  it('shows the documents of the API instead', async () => {
    const server = await ParleyServer.start({ name: 'web-off', env: { PARLEY_WEB_DIR: 'off' } });
    try {
      const page = await fetch(server.url, { redirect: 'manual' });
      expect([page.status, page.headers.get('location')]).toEqual([302, '/api/docs']);
      expect((await fetch(`${server.url}/conversations`, { headers: { accept: 'text/html' } })).status).toBe(404);
    } finally {
      await server.stop();
      server.remove();
    }
  });
});
