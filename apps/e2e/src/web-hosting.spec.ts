import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ParleyServer } from '@parley/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { useStandalone } from './support/use-server.js';

// A client as small as can be: what is under test is who answers where.
const directory = mkdtempSync(join(tmpdir(), 'parley-client-'));
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

  afterAll(() => rmSync(directory, { recursive: true }));

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
