import { EmbeddedLog } from '@parley/adapter-embedded-log';
import { KafkaLog } from '@parley/adapter-kafka';
import { kafkaHarness } from '@parley/adapter-kafka/testing';
import { deadLetterTopic, type EventLog, TOPICS } from '@parley/contracts';
import { deadLetterV1 } from '@parley/contracts/rpc';
import { engine, freePort } from '@parley/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../run.js';

const { name: topic } = TOPICS.messageAppended;
const group = 'delivery.fan-out';

interface World {
  settings: Record<string, string>;
  /** The log as the services have it. */
  use<T>(work: (log: EventLog) => Promise<T>): Promise<T>;
  dispose(): Promise<void>;
}

async function embedded(): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-dlq-'));
  return {
    settings: { PARLEY_DATA_DIR: directory },
    async use(work) {
      const log = await EmbeddedLog.open({ directory });
      return work(log).finally(() => log.close());
    },
    dispose: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function onKafka(): Promise<World> {
  const brokers = engine('kafka')?.brokers ?? [];
  const harness = await kafkaHarness(brokers);
  return {
    settings: { PARLEY_KAFKA_BROKERS: brokers.join(), PARLEY_KAFKA_TOPIC_PREFIX: harness.prefix },
    async use(work) {
      const log = await KafkaLog.open(harness.options);
      return work(log).finally(() => log.close());
    },
    dispose: () => harness.dispose(),
  };
}

function dlqSuite(name: string, makeWorld: () => Promise<World>): void {
  describe(`dlq on ${name}`, { timeout: 40_000 }, () => {
    let world: World;

    const call = async (line: string) => {
      const [out, err]: [string[], string[]] = [[], []];
      const code = await run(
        line.split(' '),
        world.settings,
        (text) => out.push(text),
        (text) => err.push(text),
      );
      return { code, out: out.join('\n'), err: err.join('\n') };
    };
    const json = async (line: string) => JSON.parse((await call(`${line} --json`)).out) as Record<string, string>[];
    const bury = (log: EventLog, key: string, reason: string, failedAt: number) =>
      log.publishBatch([
        {
          topic: deadLetterTopic(topic, group),
          key,
          value: deadLetterV1.DeadLetter.encode({
            topic,
            group,
            key,
            value: Buffer.from(`value of ${key}`),
            offset: '3/99',
            reason,
            detail: 'why\u001b[31m',
            failedAt,
          }).finish(),
        },
      ]);
    const published = () =>
      world.use(async (log) => {
        const texts: string[] = [];
        await log.replay(topic, async (records) => {
          for (const { key, value } of records) texts.push(`${key}: ${new TextDecoder().decode(value)}`);
        });
        return texts.sort();
      });

    beforeEach(async () => {
      world = await makeWorld();
      await world.use(async (log) => {
        await bury(log, 'c1', 'undecodable', 1000);
        await bury(log, 'c2', 'server.internal', 2000);
        await bury(log, 'c1', 'test.refused', 3000);
      });
    });

    afterEach(() => world.dispose());

    it('lists them, newest first, with their reasons', async () => {
      const letters = await json('dlq list');
      expect(letters.map(({ key, reason, failedAt }) => [key, reason, failedAt])).toEqual([
        ['c1', 'test.refused', '1970-01-01T00:00:03.000Z'],
        ['c2', 'server.internal', '1970-01-01T00:00:02.000Z'],
        ['c1', 'undecodable', '1970-01-01T00:00:01.000Z'],
      ]);
      expect((await call(`dlq list --group ${group} --limit 1`)).err).toContain('There are 2 more');
      expect((await call('dlq list --group presence.watches')).out).toBe('No dead letters.');
    });

    it('shows one with all that is known, and nothing that a terminal obeys', async () => {
      const [newest] = await json('dlq list');
      const { out, code } = await call(`dlq show ${newest?.['offset']} --topic ${topic} --group ${group}`);
      expect(code).toBe(0);
      expect(out).toContain('test.refused');
      expect(out).toContain('3/99');
      expect(out).not.toContain('\u001b');
      expect(await call(`dlq show 0/4711 --topic ${topic} --group ${group}`)).toMatchObject({ code: 1 });
    });

    it('publishes all again once, and remembers it', async () => {
      expect((await call('dlq redrive --all')).out).toBe('Published 3 records again.');
      expect(await published()).toEqual(['c1: value of c1', 'c1: value of c1', 'c2: value of c2']);
      expect((await call('dlq redrive --all')).out).toBe('No dead letter is meant.');
      expect((await call('dlq list')).out).toBe('No dead letters.');
      const again = await json('dlq list --redriven');
      expect(again).toHaveLength(3);
      expect(again.every((letter) => letter['redrivenAt'] !== undefined)).toBe(true);
    });

    it('publishes those of a key, or one, again', async () => {
      expect((await call('dlq redrive --key c1')).out).toBe('Published 2 records again.');
      const [left] = await json('dlq list');
      expect(left?.['key']).toBe('c2');
      const one = `dlq redrive --offset ${left?.['offset']} --topic ${topic} --group ${group}`;
      expect((await call(one)).out).toBe('Published 1 record again.');
      expect(await published()).toEqual(['c1: value of c1', 'c1: value of c1', 'c2: value of c2']);
    });
  });
}

dlqSuite('the embedded log', embedded);
describe.skipIf(engine('kafka') === undefined)('with Kafka', () => dlqSuite('Kafka', onKafka));

describe('dlq', () => {
  const call = async (line: string, settings: Record<string, string> = {}) => {
    const err: string[] = [];
    const code = await run(
      line.split(' '),
      settings,
      () => {},
      (text) => err.push(text),
    );
    return { code, err: err.join('\n') };
  };

  it.each([
    ['dlq redrive', 'Say which: --all, --key or --offset'],
    ['dlq redrive --all --key c1', 'Say which: --all, --key or --offset'],
    ['dlq redrive --offset 0/1', 'name both, --topic and --group'],
    ['dlq list --group nobody', 'Nobody consumes that. There are: parley.message.appended.v1 by delivery.fan-out'],
  ])('refuses `%s` with a sentence', async (line, sentence) => {
    expect(await call(line)).toMatchObject({ code: 2, err: expect.stringContaining(sentence) });
  });

  it('says where there is no log, who holds it, and who does not answer', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-dlq-'));
    expect((await call('dlq list', { PARLEY_DATA_DIR: directory })).err).toContain('There is no event log in');
    const log = await EmbeddedLog.open({ directory });
    const held = await call('dlq list', { PARLEY_DATA_DIR: directory });
    expect(held).toMatchObject({ code: 1, err: expect.stringContaining('Stop it, then try again') });
    await log.close();
    rmSync(directory, { recursive: true, force: true });
    const PARLEY_KAFKA_BROKERS = `127.0.0.1:${await freePort()}`;
    const silent = await call('dlq list', { PARLEY_KAFKA_BROKERS });
    expect(silent).toMatchObject({ code: 1, err: expect.stringContaining('No answer from Kafka at') });
  }, 30_000);
});
