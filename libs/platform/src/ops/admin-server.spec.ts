import { freePort } from '@parley/testing';
import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { openAdminServer } from './admin-server.js';
import { Health } from './health.js';

describe('the admin port', () => {
  afterEach(() => Logger.overrideLogger(true));

  it('says what is waited for while the process starts, and takes no logger away from it', async () => {
    const lines: unknown[] = [];
    const ignore = () => undefined;
    Logger.overrideLogger({ log: ignore, debug: ignore, error: ignore, warn: (line: unknown) => lines.push(line) });
    const health = new Health();
    health.add('mysql', () => Promise.reject(new Error('not reached yet')));
    const port = await freePort();
    const app = await openAdminServer(health, port, '127.0.0.1');
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    expect(await (await get('/healthz')).json()).toEqual({ status: 'alive' });
    const ready = await get('/readyz');
    expect([ready.status, ((await ready.json()) as { dependencies: unknown }).dependencies]).toEqual([
      503,
      { mysql: { ok: false, reason: 'not reached yet' } },
    ]);
    expect(await (await get('/metrics')).text()).toContain('parley_dependency_up{dependency="mysql"} 0');
    new Logger('kafka').warn('waiting for Kafka');
    expect(lines).toEqual(['waiting for Kafka']);
    await app.close();
  });
});
