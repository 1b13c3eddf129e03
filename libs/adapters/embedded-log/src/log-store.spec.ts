import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogStore } from './log-store.worker.js';

const HOUR = 3_600_000;

describe('LogStore', () => {
  let directory: string;
  let store: LogStore;
  const batch = (topic: string, count = 1) => ({ topic, count, body: new Uint8Array([count]) });
  const firsts = (topic: string) => store.read(topic, 0, 1e9).map((row) => row.first);
  const sweepAll = (now: number) => {
    while (store.sweep(now));
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'parley-log-'));
    open();
  });

  afterEach(() => {
    store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function open() {
    store = new LogStore({
      file: join(directory, 'log.db'),
      retentionMs: HOUR,
      deadLetterRetentionMs: 24 * HOUR,
      sweepMs: 1e9,
    });
  }

  it('sweeps the other topics too while a busy one has more to delete than a turn holds', () => {
    for (let i = 0; i < 150; i += 1) store.append([batch('busy')]);
    for (let i = 0; i < 3; i += 1) store.append([batch('quiet')]);
    store.sweep(Date.now() + 2 * HOUR);
    expect(firsts('quiet')).toEqual([2]);
  });

  it('counts positions per topic and goes on with them after it was opened again', () => {
    expect(store.append([batch('a', 3), batch('b', 2)])).toEqual([0, 0]);
    expect(store.append([batch('a', 1), batch('a', 1)])).toEqual([3, 4]);
    store.close();
    open();
    expect(store.state().heads).toEqual([
      { topic: 'a', next: 5 },
      { topic: 'b', next: 2 },
    ]);
    expect(store.append([batch('a')])).toEqual([5]);
  });

  it('reads from the row that holds a position', () => {
    store.append([batch('a', 3), batch('a', 3), batch('a', 3)]);
    expect(store.read('a', 4, 1).map((row) => row.first)).toEqual([3]);
    expect(store.read('a', 4, 3).map((row) => row.first)).toEqual([3, 6]);
    expect(store.read('a', 9, 3)).toEqual([]);
    expect(store.read('unknown', 0, 3)).toEqual([]);
  });

  it('lets progress only grow', () => {
    store.append([batch('a', 9)]);
    expect(store.join('g', 'a')).toBe(0);
    store.record([{ group: 'g', topic: 'a', next: 7 }]);
    store.record([{ group: 'g', topic: 'a', next: 3 }]);
    expect(store.join('g', 'a')).toBe(7);
    expect(store.state().progress).toEqual([{ group: 'g', topic: 'a', next: 7 }]);
  });

  it('deletes old rows only when every known group has passed them, and never the newest', () => {
    for (let n = 0; n < 5; n += 1) store.append([batch('a', 2)]);
    store.join('g1', 'a');
    store.join('g2', 'a');
    const later = Date.now() + 2 * HOUR;
    store.record([{ group: 'g1', topic: 'a', next: 10 }]);
    sweepAll(later);
    expect(firsts('a')).toEqual([0, 2, 4, 6, 8]);
    store.record([{ group: 'g2', topic: 'a', next: 5 }]);
    sweepAll(Date.now());
    expect(firsts('a')).toEqual([0, 2, 4, 6, 8]);
    sweepAll(later);
    expect(firsts('a')).toEqual([4, 6, 8]);
    store.record([{ group: 'g2', topic: 'a', next: 10 }]);
    sweepAll(later);
    expect(firsts('a')).toEqual([8]);
    expect(store.append([batch('a')])).toEqual([10]);
    expect(store.join('newcomer', 'a')).toBe(8);
  });

  it('keeps dead letters longer', () => {
    store.append([batch('t.g.dlq'), batch('t.g.dlq')]);
    sweepAll(Date.now() + 2 * HOUR);
    expect(firsts('t.g.dlq')).toEqual([0, 1]);
    sweepAll(Date.now() + 25 * HOUR);
    expect(firsts('t.g.dlq')).toEqual([1]);
  });

  it('deletes in small steps', () => {
    store.append(Array.from({ length: 250 }, () => batch('a')));
    const later = Date.now() + 2 * HOUR;
    expect(store.sweep(later)).toBe(true);
    expect(firsts('a')).toHaveLength(150);
    sweepAll(later);
    expect(firsts('a')).toEqual([249]);
  });
});
