import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askConsul, askEdge } from '../../stack/ask/http.mjs';
import { askKafka } from '../../stack/ask/kafka.mjs';
import { askMysql } from '../../stack/ask/mysql.mjs';
import { askRedis } from '../../stack/ask/redis.mjs';

// What answers on the port, but is not what it should be: a real engine is asked by every `npm run stack -- up`.
let server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

const listening = (made) =>
  new Promise((resolve) => {
    server = made.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
/** Says the same to whatever it hears, or at once. */
const saying = (bytes, { first = false } = {}) =>
  listening(
    createServer((socket) => {
      socket.on('error', () => {});
      if (first) socket.end(bytes);
      else socket.once('data', () => socket.end(bytes));
    }),
  );
const answering = (answers) =>
  listening(
    createHttpServer((request, response) => {
      const [status, body] = answers[request.url] ?? [404, ''];
      response.writeHead(status).end(body);
    }),
  );

describe('an engine that only listens is not up', () => {
  it('Redis that still loads its data', async () => {
    const url = `redis://127.0.0.1:${await saying('-LOADING Redis is loading the dataset in memory\r\n')}`;
    await expect(askRedis({ url })).rejects.toThrow(/LOADING|LOADI/);
  });

  it('MySQL with too many connections', async () => {
    const error = Buffer.concat([Buffer.from([0xff, 0x10, 0x04]), Buffer.from('Too many connections')]);
    const port = await saying(Buffer.concat([Buffer.from([error.length, 0, 0, 0]), error]), { first: true });
    await expect(askMysql({ url: `mysql://a:b@127.0.0.1:${port}` })).rejects.toThrow(/1040 Too many connections/);
  });

  it('Kafka without a controller', async () => {
    const answer = Buffer.alloc(4 + 4 + 4 + 4 + 4);
    answer.writeInt32BE(16, 0);
    answer.writeInt32BE(1, 4);
    answer.writeInt32BE(0, 8);
    answer.writeInt32BE(-1, 12);
    await expect(askKafka({ brokers: [`127.0.0.1:${await saying(answer)}`] })).rejects.toThrow(/no controller yet/);
  });

  it('Consul without a leader, and with one but nobody in its catalogue', async () => {
    const port = await answering({ '/v1/status/leader': [200, '""'] });
    await expect(askConsul({ url: `http://127.0.0.1:${port}` })).rejects.toThrow(/no leader yet/);
    await new Promise((resolve) => server.close(resolve));
    const next = await answering({ '/v1/status/leader': [200, '"127.0.0.1:8300"'], '/v1/catalog/nodes': [200, '[]'] });
    await expect(askConsul({ url: `http://127.0.0.1:${next}` })).rejects.toThrow(/no node/);
  });

  it('an edge whose store is gone; one that refuses us is up', async () => {
    const port = await answering({ '/': [502, ''] });
    await expect(askEdge({ publicUrl: `http://127.0.0.1:${port}` })).rejects.toThrow(/answers 502/);
    await new Promise((resolve) => server.close(resolve));
    const next = await answering({ '/': [403, 'not signed'] });
    await askEdge({ publicUrl: `http://127.0.0.1:${next}` });
  });

  it('nothing at all', async () => {
    const port = await saying('');
    await new Promise((resolve) => server.close(resolve));
    await expect(askRedis({ url: `redis://127.0.0.1:${port}` })).rejects.toThrow(/ECONNREFUSED/);
    server = createServer().listen(0);
  });
});
