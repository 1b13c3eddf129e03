import { describe, expect, it } from 'vitest';
import {
  BLOCK_SPAN,
  bytesOf,
  changed,
  cut,
  type Entries,
  hashBytes,
  having,
  pack,
  seqOfHead,
  termHash,
  termHashes,
  unpack,
} from './term-blocks.js';

const entriesOf = (...all: [seq: number, ...terms: string[]][]): Entries =>
  new Map(all.map(([seq, ...terms]) => [seq, termHashes(terms)]));
const lists = (entries: Entries) => [...entries].map(([seq, hashes]) => [seq, ...hashes]);
const many = (count: number, gap = 1): Entries =>
  entriesOf(
    ...Array.from({ length: count }, (_, i): [number, ...string[]] => [
      1 + i * gap,
      ...Array.from({ length: 35 }, (__, t) => `w${i}x${t}`),
    ]),
  );

describe('blocks of entries', () => {
  it('come back as they were packed, also from the middle of a larger buffer', () => {
    const entries = entriesOf([3, 'a', 'b'], [70_000, 'c'], [2_147_483_647, 'd', 'e', '東京']);
    const packed = pack(entries);
    expect(packed).toHaveLength(bytesOf(entries));
    expect(seqOfHead(packed)).toBe(3);
    const odd = Buffer.concat([Buffer.from('x'), packed, Buffer.from('yz')]).subarray(1, 1 + packed.length);
    expect(lists(unpack(odd))).toEqual(lists(entries));
    expect(lists(unpack(pack(new Map())))).toEqual([]);
  });

  it('name the messages that have all terms, and not those of which two have one each', () => {
    const packed = pack(entriesOf([1, 'red', 'car'], [2, 'red', 'bus'], [3, 'blue', 'car'], [4, 'car', 'old', 'red']));
    const find = (...terms: string[]) => having(packed, terms.map(termHash));
    expect(find('red', 'car')).toEqual([1, 4]);
    expect(find('blue', 'bus')).toEqual([]);
    expect(find('car')).toEqual([1, 3, 4]);
    expect(packed.includes(hashBytes(termHash('blue')))).toBe(true);
    expect(packed.includes(hashBytes(termHash('green')))).toBe(false);
  });

  it('spread terms over the whole range: few messages have one by chance', () => {
    const packed = pack(many(5000));
    const found = Array.from({ length: 100 }, (_, i) => having(packed, [termHash(`absent${i}`)]).length);
    const average = found.reduce((sum, one) => sum + one, 0) / found.length;
    // 5000 × 35 / 65536
    expect(average).toBeGreaterThan(1.5);
    expect(average).toBeLessThan(4);
  });

  it('are cut where they are long or reach far, in order and without a loss; a short rest stays the tail', () => {
    for (const [entries, count] of [
      [many(10), 0],
      [many(300), 5],
      [many(5, BLOCK_SPAN), 4],
      [many(120, 500), 23],
    ] as const) {
      const { blocks, tail } = cut(entries);
      expect(lists(new Map([...blocks.flatMap((block) => [...block]), ...tail]))).toEqual(lists(entries));
      expect(blocks.length).toBeGreaterThanOrEqual(count);
      for (const block of [...blocks, tail]) {
        const seqs = [...block.keys()];
        expect(bytesOf(block)).toBeLessThanOrEqual(4000);
        expect((seqs.at(-1) ?? 0) - (seqs[0] ?? 0)).toBeLessThan(BLOCK_SPAN);
      }
      expect(bytesOf(tail)).toBeLessThanOrEqual(1500);
    }
  });

  it('take a message of more terms than a block has room for', () => {
    const long = Array.from({ length: 4000 }, (_, i) => `t${i}`);
    const { blocks, tail } = cut(entriesOf([1, 'a'], [2, ...long], [3, 'b']));
    expect([...blocks, tail].map((block) => [...block.keys()])).toEqual([[1], [2], [3]]);
  });

  it('change one message in its place, and lose what has no terms', () => {
    const entries = entriesOf([1, 'a'], [3, 'c']);
    expect([...changed(entries, 2, termHashes(['b'])).keys()]).toEqual([1, 2, 3]);
    expect(lists(changed(entries, 1, termHashes(['z'])))).toEqual([
      [1, termHash('z')],
      [3, termHash('c')],
    ]);
    expect([...changed(entries, 1, termHashes([])).keys()]).toEqual([3]);
  });
});
