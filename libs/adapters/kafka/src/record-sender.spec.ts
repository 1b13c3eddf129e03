import { engine, freePort } from '@parley/testing';
import type { Producer } from 'kafkajs';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { KafkaLog } from './kafka-log.js';
import { type PlacedRecord, RecordSender } from './record-sender.js';
import { kafkaHarness } from './testing/kafka-harness.js';

const silent = { debug: () => {}, log: () => {}, warn: () => {}, error: () => {} };
const endpointAt = (port: number) => ({
  brokers: [`127.0.0.1:${port}`],
  clientId: 'spec',
  logger: silent,
  tell: () => {},
});
const placed = (partition: number, text: string): PlacedRecord => ({
  topic: 't',
  partition,
  key: Buffer.from('k'),
  value: Buffer.from(text),
});

/** A producer that answers as it is told, in place of the one that would be connected. */
class ScriptedSender extends RecordSender {
  readonly producers: number[] = [];
  readonly calls: { producer: number; texts: string[] }[] = [];

  constructor(private readonly script: ((partitions: number[]) => number[] | Error)[]) {
    super(endpointAt(1));
  }

  protected override connectProducer(): Promise<Producer> {
    const producer = this.producers.push(this.producers.length);
    const sendBatch: Producer['sendBatch'] = async ({ topicMessages = [] }) => {
      const messages = topicMessages.flatMap((topic) => topic.messages);
      this.calls.push({ producer, texts: messages.map((message) => String(message.value)) });
      const answer = this.script.shift()?.([...new Set(messages.map((message) => message.partition as number))]);
      if (answer instanceof Error) throw answer;
      return (answer ?? []).map((partition) => ({ topicName: 't', partition, errorCode: 0 }));
    };
    return Promise.resolve({ sendBatch, disconnect: async () => {} } as unknown as Producer);
  }
}

const failure = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });
const soon = () => performance.now() + 2000;

describe('RecordSender', () => {
  const servers: (() => void)[] = [];

  afterEach(() => {
    for (const close of servers.splice(0)) close();
  });

  it('gives up in time when nobody is there', async () => {
    const sender = new RecordSender(endpointAt(await freePort()));
    const from = performance.now();
    await expect(sender.send([placed(0, 'x')], from + 1500)).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(performance.now() - from).toBeLessThan(2500);
    await sender.close();
  });

  it('gives up in time when somebody takes connections and answers nothing', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    servers.push(() => server.close());
    const sender = new RecordSender(endpointAt(port));
    const from = performance.now();
    await expect(sender.send([placed(0, 'x')], from + 1500)).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(performance.now() - from).toBeLessThan(2500);
    await sender.close();
    for (const socket of sockets) socket.destroy();
  });

  it('sends what was not acknowledged again, and only that', async () => {
    const sender = new ScriptedSender([() => [0], (partitions) => partitions]);
    await sender.send([placed(0, 'a'), placed(1, 'b'), placed(0, 'c')], soon());
    expect(sender.calls.map(({ texts }) => texts)).toEqual([['a', 'b', 'c'], ['b']]);
  });

  it('repeats with the same producer what may have arrived: its numbers tell the broker', async () => {
    const lost = failure('KafkaJSNumberOfRetriesExceeded', { cause: failure('KafkaJSConnectionClosedError') });
    const sender = new ScriptedSender([() => lost, (partitions) => partitions]);
    await sender.send([placed(0, 'a')], soon());
    expect(sender.calls.map(({ producer }) => producer)).toEqual([1, 1]);
  });

  it('takes a new producer when the broker does not know the numbers of the old one', async () => {
    const unknown = failure('KafkaJSProtocolError', { type: 'OUT_OF_ORDER_SEQUENCE_NUMBER', retriable: false });
    const sender = new ScriptedSender([() => unknown, (partitions) => partitions]);
    await sender.send([placed(0, 'a')], soon());
    expect(sender.calls.map(({ producer }) => producer)).toEqual([1, 2]);
  });

  it('takes a new producer for what comes after it gave up', async () => {
    const closed = failure('KafkaJSConnectionClosedError');
    const sender = new ScriptedSender([...Array.from({ length: 3 }, () => () => closed), (partitions) => partitions]);
    await expect(sender.send([placed(0, 'a')], performance.now() + 300)).rejects.toMatchObject({ kind: 'unavailable' });
    const before = sender.calls.length;
    await sender.send([placed(0, 'b')], soon());
    expect(sender.calls[before - 1]?.producer).toBe(1);
    expect(sender.calls.at(-1)?.producer).toBe(2);
  });

  it('says at once what Kafka will refuse every time', async () => {
    const large = failure('KafkaJSProtocolError', { type: 'MESSAGE_TOO_LARGE', retriable: false });
    const sender = new ScriptedSender([() => large]);
    await expect(sender.send([placed(0, 'a')], soon())).rejects.toMatchObject({ code: 'limit.size' });
    expect(sender.calls).toHaveLength(1);
  });
});

describe.skipIf(engine('kafka') === undefined)('records on Kafka', { timeout: 40_000 }, () => {
  it('may be larger than Kafka’s own megabyte; what is larger than the topic takes is refused', async () => {
    const harness = await kafkaHarness(engine('kafka')?.brokers ?? []);
    const log = await KafkaLog.open(harness.options);
    const record = (bytes: number) => ({ topic: 'parley.test.large.v1', key: 'k', value: new Uint8Array(bytes) });
    await log.publishBatch([record(3_000_000)]);
    await expect(log.publishBatch([record(9_000_000)])).rejects.toMatchObject({ code: 'limit.size' });
    await log.publishBatch([record(10)]);
    const sizes: number[] = [];
    await log.replay(
      'parley.test.large.v1',
      async (records) => void sizes.push(...records.map(({ value }) => value.length)),
    );
    expect(sizes).toEqual([3_000_000, 10]);
    await log.close();
    await harness.dispose();
  });
});
