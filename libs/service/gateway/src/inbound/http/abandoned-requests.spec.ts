import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropAbandoned } from './abandoned-requests.js';

const STILL_MS = 600;

/** A client on a thread of its own, that goes on while this one stands still: asks, and perhaps hangs up. */
const CLIENT = `
const { parentPort, workerData: { port, hangsUp } } = require('node:worker_threads');
const socket = require('node:net').connect(port, '127.0.0.1', () => {
  parentPort.once('message', () => {
    socket.write('POST / HTTP/1.1\\r\\nhost: x\\r\\ncontent-length: 0\\r\\n\\r\\n');
    if (hangsUp) setTimeout(() => socket.destroy(), 50);
  });
  parentPort.postMessage('connected');
});
socket.once('data', (data) => parentPort.postMessage(String(data).split('\\r\\n')[0]));
socket.once('close', () => parentPort.postMessage('closed'));
`;

describe('requests that waited while the process stood still', () => {
  let adapter: FastifyAdapter;
  let port: number;
  let done: number;

  beforeEach(async () => {
    done = 0;
    adapter = dropAbandoned(new FastifyAdapter(), STILL_MS);
    const fastify = adapter.getInstance();
    fastify.post('/', async () => ++done);
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    port = (fastify.server.address() as AddressInfo).port;
  });

  afterEach(() => adapter.getInstance().close());

  async function asked(hangsUp: boolean): Promise<string> {
    const worker = new Worker(CLIENT, { eval: true, workerData: { port, hangsUp } });
    await once(worker, 'message');
    worker.postMessage('ask');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * STILL_MS);
    const [said] = (await once(worker, 'message')) as [string];
    await worker.terminate();
    return said;
  }

  it('are not carried out when the client has hung up: it has asked somebody else', async () => {
    expect(await asked(true)).toBe('closed');
    // Another one that waits is behind it in the same loop.
    expect(await asked(false)).toBe('HTTP/1.1 200 OK');
    expect(done).toBe(1);
  });

  it('are carried out for a client that still waits', async () => {
    expect(await asked(false)).toBe('HTTP/1.1 200 OK');
    expect(done).toBe(1);
  });
});
