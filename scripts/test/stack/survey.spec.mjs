import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enginesOf } from '../../stack/engines/index.mjs';
import { contextOf, placesOf, survey, writeEngines } from '../../stack/survey.mjs';

const [redis] = enginesOf(['redis']);

let dir;
let context;
let server;
// The others far below what a system gives away: a port that falls among coturn's would be refused for Redis.
const on = (port) => {
  const ports = { PARLEY_STACK_PORT_SHIFT: '-20000', PARLEY_STACK_REDIS_PORT: String(port) };
  context = contextOf({ PARLEY_STACK_DIR: dir, ...ports });
};
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'survey-'));
  on(await freePort());
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(dir, { recursive: true, force: true });
});

/** Something on the port of Redis; it answers a PING with this. */
const listening = (answer) =>
  new Promise((resolve) => {
    server = createServer((socket) => socket.on('error', () => {}).on('data', () => socket.end(answer)));
    server.listen(0, '127.0.0.1', () => {
      on(server.address().port);
      resolve();
    });
  });
const say = (port) =>
  writeFileSync(context.layout.engines, JSON.stringify({ redis: { url: `redis://127.0.0.1:${port}` } }));
const written = () => JSON.parse(readFileSync(context.layout.engines, 'utf8'));
const surveyed = async () => {
  const found = await survey(redis, context);
  writeEngines(context, [found]);
  return found;
};

describe('the public address of the store', () => {
  it('is the edge while that is up, and the store itself without it', () => {
    const [s3, edge] = enginesOf(['edge']);
    const surveys = [
      { engine: s3, state: 'up' },
      { engine: edge, state: 'up' },
    ];
    const publicUrl = (counts) => placesOf(context, surveys, counts).s3.publicUrl;
    expect(publicUrl(() => true)).toBe(`http://127.0.0.1:${context.ports.edge}`);
    expect(publicUrl(({ engine }) => engine === s3)).toBe(`http://127.0.0.1:${context.ports.s3}`);
  });
});

describe('an engine that somebody else started', () => {
  it('counts when it was written down and answers', async () => {
    await listening('+PONG\r\n');
    say(context.ports.redis);
    expect(await surveyed()).toMatchObject({ state: 'foreign' });
    expect(written()).toHaveProperty('redis');
  });

  it('keeps its line while it listens but does not answer well', async () => {
    await listening('-BUSY now\r\n');
    say(context.ports.redis);
    expect(await surveyed()).toMatchObject({ state: 'taken' });
    expect(written()).toHaveProperty('redis');
  });

  it('loses its line when nobody listens any more', async () => {
    say(context.ports.redis);
    expect(await surveyed()).toMatchObject({ state: 'down' });
    expect(existsSync(context.layout.engines)).toBe(false);
  });

  it('is only in the way when it was not written down', async () => {
    await listening('+PONG\r\n');
    expect(await surveyed()).toMatchObject({ state: 'taken', why: 'port in use by another program' });
    expect(existsSync(context.layout.engines)).toBe(false);
  });
});
