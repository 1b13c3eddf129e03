import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from './murmur2.js';

const theirs = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2') as (
  key: Buffer,
) => number;

describe('murmur2', () => {
  it('hashes keys of every length as kafkajs does', () => {
    const keys = [
      '',
      'a',
      'ab',
      'abc',
      'abcd',
      'Ä-鍵',
      ...Array.from({ length: 300 }, () => randomUUID().slice(Math.random() * 36)),
    ];
    for (const key of keys) expect([key, murmur2(Buffer.from(key))]).toEqual([key, theirs(Buffer.from(key))]);
  });

  it('spreads keys over all partitions', () => {
    const counts = new Map<number, number>();
    for (let n = 0; n < 4000; n += 1) {
      const partition = partitionOf(Buffer.from(randomUUID()), 16);
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index));
    expect(Math.min(...counts.values())).toBeGreaterThan(150);
  });
});
