import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlDatabase } from '@parley/adapter-sql';
import { EventLog, type LogRecord, type LogSubscription, TOPICS } from '@parley/contracts';
import { conversationEventsV1 } from '@parley/contracts/rpc';
import {
  ann,
  bob,
  conversationStoreContract,
  deskOver,
  FakeClock,
  pairStoreContract,
  type Stores,
} from '@parley/core-conversation/testing';
import { Outbox } from '@parley/platform';
import { describe, expect, it } from 'vitest';
import { ContactFeed } from './contact-feed.js';
import { SqlConversationStore } from './sql-conversation-store.js';
import { SqlPairStore } from './sql-pair-store.js';
import { SqlPendingFacts } from './sql-pending-facts.js';
import { isUniqueViolation, transact } from './transact.js';

class CollectedLog extends EventLog {
  readonly records: LogRecord[] = [];
  async publishBatch(records: readonly LogRecord[]): Promise<void> {
    this.records.push(...records);
  }
  async subscribe(_subscription: LogSubscription): Promise<void> {}
  async lag() {
    return [];
  }
  async close(): Promise<void> {}
}

async function open() {
  const directory = await mkdtemp(join(tmpdir(), 'conversation-'));
  const database = await SqlDatabase.openSqlite({ schema: 'conversation', directory });
  const log = new CollectedLog();
  const outbox = new Outbox(database, log);
  const stores: Stores = {
    conversations: new SqlConversationStore(database),
    pairs: new SqlPairStore(database, new ContactFeed(outbox, new FakeClock())),
    pending: new SqlPendingFacts(database),
  };
  return {
    stores,
    database,
    log,
    outbox,
    close: async () => {
      await outbox.stop();
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

conversationStoreContract('SQLite', open);
pairStoreContract('SQLite', open);

describe('SQL stores', () => {
  it('publish contact changes in their public form, keyed by whose list changed', async () => {
    const { stores, outbox, log, close } = await open();
    const desk = deskOver(stores);
    const { id } = await desk.requests.ask(ann, bob, 'hi');
    await desk.requests.answer(bob, id, true);
    await outbox.flush();
    expect(log.records.map(({ topic, key }) => [topic, key])).toEqual(
      [bob, ann, bob].map((userId) => [TOPICS.contactChanged.name, userId]),
    );
    const events = log.records.map(({ value }) => conversationEventsV1.ContactChanged.decode(value));
    expect(events.map(({ change }) => change)).toEqual(['request-received', 'request-accepted', 'added']);
    expect(JSON.parse(events[1]?.payloadJson as string)).toEqual({
      change: 'request-accepted',
      userId: bob,
      request: {
        requestId: id,
        fromUserId: ann,
        toUserId: bob,
        greeting: 'hi',
        state: 'accepted',
        createdAt: '2025-01-01T00:00:00.000Z',
        answeredAt: '2025-01-01T00:00:00.000Z',
        expiresAt: '2025-01-15T00:00:00.000Z',
      },
      contact: { userId: bob, remark: '', tags: [], addedAt: '2025-01-01T00:00:00.000Z' },
    });
    await close();
  });

  it('start over when another process inserted the key in between, and give up on what stays broken', async () => {
    const { database, close } = await open();
    const insert = `INSERT INTO pairs (low_id, high_id, version) VALUES ('a', 'b', 1)`;
    await database.transaction((tx) => tx.query(insert));
    let runs = 0;
    await transact(database, async (tx) => {
      runs += 1;
      if (runs < 3) await tx.query(insert);
    });
    expect(runs).toBe(3);
    const broken = transact(database, (tx) => tx.query(insert));
    await expect(broken).rejects.toSatisfy(isUniqueViolation);
    expect(isUniqueViolation(new Error('other'))).toBe(false);
    await close();
  });

  it('refuse a cursor that is not of the list', async () => {
    const { stores, close } = await open();
    const desk = deskOver(stores);
    const id = await desk.group();
    await expect(stores.conversations.members(id, { cursor: "0.1' OR 1=1", limit: 5 })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    await close();
  });
});
