import type { LogRecord } from '@parley/contracts';
import { DomainError } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { PublishQueue, type RecordTarget } from './publish-queue.js';
import type { PlacedRecord } from './record-sender.js';

class FakeTarget implements RecordTarget {
  readonly sends: string[][] = [];
  readonly sizes: number[] = [];
  running = 0;
  most = 0;
  failures = 0;
  endAt = 0;

  async place(records: readonly LogRecord[]): Promise<PlacedRecord[]> {
    return records.map(({ topic, key, value }) => ({
      topic,
      partition: 0,
      key: Buffer.from(key),
      value: Buffer.from(value),
    }));
  }

  async send(records: readonly PlacedRecord[], endAt: number): Promise<void> {
    this.endAt = endAt;
    this.most = Math.max(this.most, (this.running += 1));
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
    if (this.failures-- > 0) throw new DomainError('server.unavailable', 'unavailable');
    this.sends.push(records.map(({ key }) => key.toString()));
    this.sizes.push(records.reduce((sum, { value }) => sum + value.length, 0));
  }
}

const record = (key: string, bytes = 1): LogRecord => ({ topic: 't', key, value: new Uint8Array(bytes) });

describe('PublishQueue', () => {
  let target: FakeTarget;
  let queue: PublishQueue;

  beforeEach(() => {
    target = new FakeTarget();
    queue = new PublishQueue(target);
  });

  it('sends once at a time, in order, and gathers what comes meanwhile', async () => {
    const first = queue.add([record('a')]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    await Promise.all([first, queue.add([record('b')]), queue.add([record('c')]), queue.add([record('d')])]);
    expect(target.most).toBe(1);
    expect(target.sends.flat()).toEqual(['a', 'b', 'c', 'd']);
    expect(target.sends.length).toBeLessThan(4);
  });

  it('cuts what is too large for one batch of a partition, in order', async () => {
    await queue.add(Array.from({ length: 30 }, (_, index) => record(String(index), 100_000)));
    expect(target.sends.flat()).toEqual(Array.from({ length: 30 }, (_, index) => String(index)));
    expect(Math.max(...target.sizes)).toBeLessThanOrEqual(900_000);
    expect(target.sends.length).toBe(4);
  });

  it('sends a record that is too large for any batch alone', async () => {
    await queue.add([record('small'), record('large', 2_000_000), record('after')]);
    expect(target.sends).toEqual([['small'], ['large'], ['after']]);
  });

  it('fails what waits behind a failure: nothing newer overtakes what is going to be repeated', async () => {
    target.failures = 1;
    const first = queue.add([record('a')]);
    await Promise.resolve();
    await Promise.resolve();
    const second = queue.add([record('b')]);
    await expect(first).rejects.toMatchObject({ code: 'server.unavailable' });
    await expect(second).rejects.toMatchObject({ code: 'server.unavailable' });
    await queue.add([record('a')]);
    await queue.add([record('b')]);
    expect(target.sends.flat()).toEqual(['a', 'b']);
  });

  it('refuses what does not fit into memory while the log stands still', async () => {
    target.failures = Number.POSITIVE_INFINITY;
    const many = Array.from({ length: 70 }, () => queue.add([record('k', 1_000_000)]));
    const results = await Promise.allSettled(many);
    const codes = results.map((result) => result.status === 'rejected' && (result.reason as DomainError).code);
    expect(codes.filter((code) => code === 'server.busy').length).toBeGreaterThan(0);
    expect(codes.filter((code) => code === 'server.unavailable').length).toBeGreaterThan(50);
    target.failures = 0;
    await queue.add([record('k')]);
  });
});
