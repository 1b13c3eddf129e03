import { InMemoryEventLog } from '@parley/adapter-memory';
import { deadLetterTopic } from '@parley/contracts';
import { deadLetterV1 } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { Logger } from '@nestjs/common';
import { register } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { consume } from './consumer.js';

const topic = 'parley.test.happened.v1';
const group = 'test.handler';

describe('consume', () => {
  let log: InMemoryEventLog;
  let handled: string[];

  const decode = (value: Uint8Array) => {
    const text = new TextDecoder().decode(value);
    if (text.startsWith('garbage')) throw new Error('cannot be read');
    return text;
  };
  const publish = (...texts: string[]) =>
    log.publishBatch(texts.map((text) => ({ topic, key: `key of ${text}`, value: new TextEncoder().encode(text) })));
  const deadLetters = () =>
    log.memory
      .recordsOf(deadLetterTopic(topic, group))
      .map((record) => ({ recordKey: record.key, ...deadLetterV1.DeadLetter.decode(record.value) }));
  const start = (handle: (items: string[]) => Promise<void>, patienceMs = 200) =>
    consume(log, { group, topic, decode, handle, patienceMs });
  const take = async (items: string[]) => void handled.push(...items);
  const counted = async () => /dead_letters_total\{topic="parley\.test.*} (\d+)/.exec(await register.metrics())?.[1];

  beforeEach(() => {
    log = new InMemoryEventLog();
    handled = [];
    Logger.overrideLogger(false);
  });

  afterEach(async () => {
    await log.close();
    Logger.overrideLogger(true);
  });

  it('hands over what was decoded, in order', async () => {
    await publish('a', 'b');
    await start(take);
    await publish('c');
    await vi.waitFor(() => expect(handled).toEqual(['a', 'b', 'c']));
    expect(deadLetters()).toEqual([]);
  });

  it('buries what cannot be decoded at once, with what is needed to publish it again', async () => {
    await publish('a', 'garbage', 'b');
    await start(take);
    await vi.waitFor(() => expect(deadLetters()).toHaveLength(1));
    expect(handled).toEqual(['a', 'b']);
    expect(deadLetters()[0]).toMatchObject({
      topic,
      group,
      recordKey: 'key of garbage',
      key: 'key of garbage',
      offset: '1',
      reason: 'undecodable',
      detail: 'Error: cannot be read',
    });
    expect(new TextDecoder().decode(deadLetters()[0]?.value)).toBe('garbage');
  });

  it('counts what it buries, from 0 on', async () => {
    await start(take);
    const before = Number(await counted());
    await publish('garbage', 'garbage too');
    await vi.waitFor(async () => expect(Number(await counted())).toBe(before + 2));
  });

  it('buries a refused record with the error’s code and goes on with the others', async () => {
    await publish('a', 'poison', 'b');
    await start(async (items) => {
      if (items.includes('poison')) throw new DomainError('test.refused', 'invalid', { message: 'no' });
      await take(items);
    });
    await vi.waitFor(() => expect(deadLetters()).toHaveLength(1));
    expect(deadLetters()[0]).toMatchObject({ reason: 'test.refused', detail: 'no', key: 'key of poison' });
    await publish('c');
    await vi.waitFor(() => expect(handled).toEqual(['a', 'b', 'c']));
  });

  it('repeats the batch while a dependency is down, and buries nothing when it comes back', async () => {
    let calls = 0;
    await publish('a', 'b');
    await start(async (items) => {
      calls += 1;
      if (calls <= 2) throw new DomainError('server.unavailable', 'unavailable');
      await take(items);
    }, 2000);
    await vi.waitFor(() => expect(handled).toEqual(['a', 'b']));
    expect(calls).toBe(3);
    expect(deadLetters()).toEqual([]);
  });

  it('loses patience with a record that always fails inside, and only with that one', async () => {
    await publish('a', 'poison', 'b');
    await start(async (items) => {
      if (items.includes('poison')) throw new TypeError('cannot read x of undefined');
      await take(items);
    });
    await vi.waitFor(() => expect(deadLetters()).toHaveLength(1));
    expect(deadLetters()[0]).toMatchObject({ reason: 'server.internal', key: 'key of poison' });
    expect(handled).toEqual(['a', 'b']);
  });

  it('judges a single record once', async () => {
    let calls = 0;
    await publish('poison');
    await start(async () => {
      calls += 1;
      throw new DomainError('test.refused', 'forbidden');
    });
    await vi.waitFor(() => expect(deadLetters()).toHaveLength(1));
    expect(calls).toBe(1);
  });

  it('sees the records again when even the dead letters cannot be written', async () => {
    const publishBatch = log.publishBatch.bind(log);
    let refusals = 2;
    log.publishBatch = (records) => {
      if (records[0]?.topic.endsWith('.dlq') && refusals-- > 0)
        return Promise.reject(new DomainError('server.unavailable', 'unavailable'));
      return publishBatch(records);
    };
    await publish('garbage');
    await start(take);
    await vi.waitFor(() => expect(deadLetters()).toHaveLength(1));
    expect(refusals).toBe(-1);
  });
});
