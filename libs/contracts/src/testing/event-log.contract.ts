import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventLog, LogRecord, ReceivedRecord } from '../event-log.js';

/** One log that outlives its processes. */
export interface EventLogHarness {
  open(): Promise<EventLog>;
  /** Ends this process of the log as kill -9 would. What `open` answers next is its successor. */
  crash(log: EventLog): Promise<void>;
  /** Resolves when what this log has to record of its groups' progress by now is recorded: a delay must not hide a mistake. */
  recorded(log: EventLog): Promise<void>;
  dispose(): Promise<void>;
}

const DEADLINE = { timeout: 15_000, interval: 10 };

/** Remembers what a group was handed, record by record. */
class Seen {
  readonly texts: string[] = [];
  readonly keys: string[] = [];

  readonly handle = async (records: readonly ReceivedRecord[]): Promise<void> => {
    for (const record of records) {
      this.texts.push(textOf(record));
      this.keys.push(record.key);
    }
  };

  of(key: string): string[] {
    return this.texts.filter((_, index) => this.keys[index] === key);
  }
}

const textOf = (record: LogRecord) => new TextDecoder().decode(record.value);
const numbers = (count: number, prefix = '') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** What every event log does, whichever engine stands behind it. Offsets are never compared: an engine may count per partition. */
export function eventLogContract(name: string, makeHarness: () => Promise<EventLogHarness>): void {
  describe(`event log: ${name}`, { timeout: 40_000 }, () => {
    let harness: EventLogHarness;
    let open: EventLog[];
    let topic: string;

    const start = async () => {
      const log = await harness.open();
      open.push(log);
      return log;
    };
    const crash = async (log: EventLog) => {
      open = open.filter((other) => other !== log);
      await harness.crash(log);
    };
    const record = (key: string, text: string): LogRecord => ({ topic, key, value: new TextEncoder().encode(text) });

    beforeEach(async () => {
      harness = await makeHarness();
      open = [];
      topic = `parley.test.${randomUUID()}.v1`;
    });

    afterEach(async () => {
      await Promise.all(open.map((log) => log.close()));
      await harness.dispose();
    });

    it('hands out the records of a key in the order they were published', async () => {
      const log = await start();
      const seen = new Seen();
      await log.subscribe({ group: 'a.fan-out', topic, handle: seen.handle });
      for (let round = 0; round < 5; round += 1)
        await log.publishBatch(['k1', 'k2', 'k3'].map((key) => record(key, `${key} ${round}`)));
      await vi.waitFor(() => expect(seen.texts).toHaveLength(15), DEADLINE);
      for (const key of ['k1', 'k2', 'k3']) expect(seen.of(key)).toEqual(numbers(5, `${key} `));
    });

    it('hands out bytes, key and topic as they were published', async () => {
      const log = await start();
      const received: ReceivedRecord[] = [];
      await log.subscribe({ group: 'a.fan-out', topic, handle: async (records) => void received.push(...records) });
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await log.publishBatch([
        { topic, key: 'Ä-鍵', value: bytes },
        { topic, key: '', value: new Uint8Array() },
      ]);
      await vi.waitFor(() => expect(received).toHaveLength(2), DEADLINE);
      expect(received.map(({ topic: name, key }) => [name, key])).toEqual([
        [topic, 'Ä-鍵'],
        [topic, ''],
      ]);
      expect([...(received[0]?.value ?? [])]).toEqual([...bytes]);
      expect(received[1]?.value).toHaveLength(0);
    });

    it('keeps each publisher’s order when many publish at once, and loses and doubles nothing', async () => {
      const log = await start();
      const seen = new Seen();
      await log.subscribe({ group: 'a.fan-out', topic, handle: seen.handle });
      const publishers = numbers(20, 'p');
      await Promise.all(
        publishers.map(async (key) => {
          for (const text of numbers(25)) await log.publishBatch([record(key, text)]);
        }),
      );
      await vi.waitFor(() => expect(seen.texts).toHaveLength(500), DEADLINE);
      for (const key of publishers) expect(seen.of(key)).toEqual(numbers(25));
    });

    it('never calls a handler twice at once', async () => {
      const log = await start();
      let running = 0;
      let most = 0;
      let handled = 0;
      const handle = async (records: ReceivedRecord[]) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        handled += records.length;
      };
      await log.subscribe({ group: 'a.slow', topic, handle });
      await Promise.all(numbers(50).map((text) => log.publishBatch([record('k', text)])));
      await vi.waitFor(() => expect(handled).toBe(50), DEADLINE);
      expect(most).toBe(1);
    });

    it('starts a new group at the oldest record kept', async () => {
      const log = await start();
      await log.publishBatch(numbers(3).map((text) => record('k', text)));
      const seen = new Seen();
      await log.subscribe({ group: 'late.comer', topic, handle: seen.handle });
      await vi.waitFor(() => expect(seen.texts).toEqual(numbers(3)), DEADLINE);
    });

    it('lets groups go on independently of each other', async () => {
      const log = await start();
      const fast = new Seen();
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const slow = new Seen();
      await log.subscribe({ group: 'a.slow', topic, handle: (records) => held.then(() => slow.handle(records)) });
      await log.subscribe({ group: 'b.fast', topic, handle: fast.handle });
      await log.publishBatch(numbers(10).map((text) => record('k', text)));
      await vi.waitFor(() => expect(fast.texts).toEqual(numbers(10)), DEADLINE);
      expect(slow.texts).toEqual([]);
      release();
      await vi.waitFor(() => expect(slow.texts).toEqual(numbers(10)), DEADLINE);
    });

    it('repeats what a handler rejected, before anything later', async () => {
      const log = await start();
      const calls: string[][] = [];
      const handle = async (records: ReceivedRecord[]) => {
        calls.push(records.map(textOf));
        if (calls.length <= 2) throw new Error('not now');
      };
      await log.publishBatch([record('k', 'first')]);
      await log.subscribe({ group: 'a.stumbles', topic, handle });
      await log.publishBatch([record('k', 'second')]);
      await vi.waitFor(() => expect(calls.slice(2).flat()).toEqual(['first', 'second']), DEADLINE);
      expect(calls[0]?.[0]).toBe('first');
      expect(calls[1]?.[0]).toBe('first');
    });

    it('repeats nothing that was handled before it was closed', async () => {
      const before = await start();
      const seen = new Seen();
      await before.subscribe({ group: 'a.fan-out', topic, handle: seen.handle });
      await before.publishBatch([record('k', 'old')]);
      await vi.waitFor(() => expect(seen.texts).toEqual(['old']), DEADLINE);
      await before.close();
      const after = await start();
      await after.subscribe({ group: 'a.fan-out', topic, handle: seen.handle });
      await after.publishBatch([record('k', 'new')]);
      await vi.waitFor(() => expect(seen.texts).toEqual(['old', 'new']), DEADLINE);
    });

    it('has everything it acknowledged after a crash, in order', async () => {
      const before = await start();
      for (let round = 0; round < 10; round += 1)
        await before.publishBatch(numbers(10).map((text) => record('k', `${round}${text}`)));
      await crash(before);
      const seen = new Seen();
      await (await start()).subscribe({ group: 'a.fan-out', topic, handle: seen.handle });
      await vi.waitFor(() => expect(seen.texts).toHaveLength(100), DEADLINE);
      expect(seen.texts).toEqual(numbers(100).map((text) => text.padStart(2, '0')));
    });

    it('hands out again what a crash interrupted: progress follows the effects', async () => {
      const before = await start();
      let started = 0;
      let release = () => {};
      const stuck = new Promise<void>((resolve) => {
        release = resolve;
      });
      const handle = async () => {
        started += 1;
        await stuck;
      };
      await before.subscribe({ group: 'a.fan-out', topic, handle });
      await before.publishBatch([record('k', 'interrupted')]);
      await vi.waitFor(() => expect(started).toBe(1), DEADLINE);
      await harness.recorded(before);
      const crashed = crash(before);
      release();
      await crashed;
      const seen = new Seen();
      await (await start()).subscribe({ group: 'a.fan-out', topic, handle: seen.handle });
      await vi.waitFor(() => expect(seen.texts).toEqual(['interrupted']), DEADLINE);
    });

    it('lets a running handler end before it closes', async () => {
      const log = await start();
      let started = false;
      let ended = false;
      const handle = async () => {
        started = true;
        await new Promise((resolve) => setTimeout(resolve, 50));
        ended = true;
      };
      await log.subscribe({ group: 'a.slow', topic, handle });
      await log.publishBatch([record('k', 'x')]);
      await vi.waitFor(() => expect(started).toBe(true), DEADLINE);
      await log.close();
      expect(ended).toBe(true);
    });

    it('refuses to publish once it is closed', async () => {
      const log = await start();
      await log.close();
      await expect(log.publishBatch([record('k', 'x')])).rejects.toMatchObject({ code: 'server.unavailable' });
    });

    it('counts what a group has yet to handle', async () => {
      const log = await start();
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await log.subscribe({ group: 'a.slow', topic, handle: () => held });
      await log.publishBatch(numbers(7).map((text) => record('k', text)));
      const lag = async () => (await log.lag()).find((entry) => entry.topic === topic && entry.group === 'a.slow');
      await vi.waitFor(async () => expect((await lag())?.records).toBe(7), DEADLINE);
      release();
      await vi.waitFor(async () => expect((await lag())?.records).toBe(0), DEADLINE);
    });

    it('replays what is kept, in order, and records nothing of it', async () => {
      const log = await start();
      await log.publishBatch(numbers(1200).map((text) => record(`k${Number(text) % 3}`, text)));
      const first = new Seen();
      await log.replay(topic, first.handle);
      expect(first.texts).toHaveLength(1200);
      for (const rest of [0, 1, 2])
        expect(first.of(`k${rest}`)).toEqual(numbers(1200).filter((text) => Number(text) % 3 === rest));
      const again = new Seen();
      await log.replay(topic, again.handle);
      expect(again.texts).toHaveLength(1200);
      const group = new Seen();
      await log.subscribe({ group: 'a.fan-out', topic, handle: group.handle });
      await vi.waitFor(() => expect(group.texts).toHaveLength(1200), DEADLINE);
    });

    it('replays nothing of a topic without records, and fails as its reader fails', async () => {
      const log = await start();
      const seen = new Seen();
      await log.replay(topic, seen.handle);
      expect(seen.texts).toEqual([]);
      await log.publishBatch([record('k', 'x')]);
      await expect(log.replay(topic, () => Promise.reject(new Error('enough')))).rejects.toThrow('enough');
    });
  });
}
