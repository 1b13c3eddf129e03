import { describe, expect, it } from 'vitest';
import { errors } from '../testing/fake-server.js';
import { FakeLog } from '../testing/fake-log.js';
import { FakeTabs } from '../testing/fake-tabs.js';
import { settled } from '../testing/fake-clockwork.js';
import { newRecord } from '../sync/apply-log.js';
import { MemoryStorage } from './memory-storage.js';
import { Replica } from './replica.js';
import { rowOf } from './message-changes.js';
import { readRows } from './timeline-table.js';
import type { Row } from './shapes.js';

const log = new FakeLog('c', 'me');
log.say('you', 'first');
log.say('you', 'second');
const rows = log.page(0, 10).flatMap((event) => rowOf(event) ?? []) as Row[];

async function replicas(count: number, storage = new MemoryStorage()) {
  const tabs = FakeTabs.open(count);
  const all = tabs.map((tab) => new Replica(storage, tab));
  for (const replica of all) await replica.start('me');
  await all[0]?.lead();
  return { tabs, all: all as [Replica, Replica], storage };
}
const record = (replica: Replica, title: string) => {
  const made = newRecord(log.state(), 2, replica.nextRev());
  return { ...made, state: { ...made.state, title } };
};
const storedTitle = async (storage: MemoryStorage) => {
  const replica = new Replica(storage, FakeTabs.open(1)[0] as FakeTabs);
  await replica.start('me');
  return replica.records.get('c')?.state.title;
};

describe('the replica', () => {
  it('is the same in all tabs, and in one that starts later', async () => {
    const { all, storage } = await replicas(2);
    await all[0].commit({ records: [record(all[0], 'A')], timelines: [{ conversationId: 'c', cover: [1, 2], rows }] });
    await settled();
    expect(all[1].records.get('c')?.state.title).toBe('A');
    expect(await storedTitle(storage)).toBe('A');
    expect(await all[1].read((tx) => readRows(tx, 'c', [1, 2]))).toEqual(rows);
  });

  it('refuses what a leader writes that was replaced, and takes what the new one says', async () => {
    const { all, storage } = await replicas(2);
    const [old, next] = all;
    await old.commit({ records: [record(old, 'before')] });
    await settled();
    await next.lead();
    await next.commit({ records: [record(next, 'new leader')] });
    for (let n = 0; n < 5; n++) await old.commit({ records: [record(old, 'stale')] });
    await settled();
    expect(await storedTitle(storage)).toBe('new leader');
    expect(next.records.get('c')?.state.title).toBe('new leader');
    await next.commit({ records: [record(next, 'once more')] });
    await settled();
    expect(old.records.get('c')?.state.title).toBe('once more');
  });

  it('still writes what the user did on a tab that does not lead', async () => {
    const { all, storage } = await replicas(2);
    await all[0].lead();
    await all[1].put({ drafts: [{ conversationId: 'c', text: 'half a sen' }] });
    await settled();
    expect(all[0].drafts.get('c')).toBe('half a sen');
    const later = new Replica(storage, FakeTabs.open(1)[0] as FakeTabs);
    await later.start('me');
    expect(later.drafts.get('c')).toBe('half a sen');
  });

  it('does not bring an entry back that was discarded while it was changed', async () => {
    const { all, storage } = await replicas(2);
    const entry = {
      key: 'k',
      conversationId: 'c',
      clientMsgId: 'k',
      order: 1,
      type: 'text',
      content: {},
      createdAt: '',
    };
    await all[1].put({ entries: [{ ...entry, state: 'queued', version: 1 }] });
    void all[1].put({ entriesGone: ['k'] });
    await all[0].put({ entries: [{ ...entry, state: 'failed', version: 2 }] });
    await settled();
    for (const replica of all) expect(replica.entries.has('k')).toBe(false);
    expect(await storage.read(['outbox'], (tx) => tx.list('outbox'))).toEqual([]);
  });

  it('goes on in memory when the storage fails, and says so', async () => {
    const { all, storage } = await replicas(1);
    const [replica] = all;
    await replica.commit({ records: [record(replica, 'A')] });
    storage.write = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    storage.read = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    await replica.commit({
      records: [record(replica, 'B')],
      timelines: [{ conversationId: 'c', cover: [1, 2], rows }],
    });
    expect(replica.degraded.value).toBe(true);
    expect(replica.records.get('c')?.state.title).toBe('B');
    expect(await replica.read((tx) => readRows(tx, 'c', [1, 2]))).toEqual(rows);
  });

  it('keeps nothing of somebody who has signed out', async () => {
    const { all, storage } = await replicas(1);
    const [replica] = all;
    storage.write = () => Promise.reject(errors('client.signed_out'));
    await replica.commit({ records: [record(replica, 'A')] });
    expect(replica.degraded.value).toBe(false);
    replica.stop();
    expect(replica.records.size).toBe(0);
  });
});
