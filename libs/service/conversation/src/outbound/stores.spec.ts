import { isUniqueViolation, type SqlDatabase, transact } from '@parley/adapter-sql';
import { alternating, forEachEngine } from '@parley/adapter-sql/testing';
import { TOPICS } from '@parley/contracts';
import { conversationEventsV1 } from '@parley/contracts/rpc';
import {
  ann,
  bob,
  conversationStoreContract,
  deskOver,
  FakeClock,
  membersContract,
  pairStoreContract,
  type Stores,
} from '@parley/core-conversation/testing';
import { Outbox } from '@parley/platform';
import { CollectedLog } from '@parley/platform/testing';
import { describe, expect, it } from 'vitest';
import { ContactFeed } from './contact-feed.js';
import { SettingsFeed } from './settings-feed.js';
import { SqlConversationStore } from './sql-conversation-store.js';
import { SqlPairStore } from './sql-pair-store.js';
import { SqlPendingFacts } from './sql-pending-facts.js';

function storesOn(database: SqlDatabase) {
  const log = new CollectedLog();
  const outbox = new Outbox(database, log);
  const stores: Stores = {
    conversations: new SqlConversationStore(database, new SettingsFeed(outbox)),
    pairs: new SqlPairStore(database, new ContactFeed(outbox, new FakeClock())),
    pending: new SqlPendingFacts(database),
  };
  return { stores, log, outbox };
}

type Stored = ReturnType<typeof storesOn>;

forEachEngine((name, openSchema) => {
  const open = async () => {
    const { databases, close: drop } = await openSchema('conversation');
    const [first, ...others] = databases.map(storesOn) as [Stored, ...Stored[]];
    const stores: Stores = {
      conversations: alternating(first.stores.conversations, ...others.map((each) => each.stores.conversations)),
      pairs: alternating(first.stores.pairs, ...others.map((each) => each.stores.pairs)),
      pending: alternating(first.stores.pending, ...others.map((each) => each.stores.pending)),
    };
    const close = async () => {
      for (const { outbox } of [first, ...others]) await outbox.stop();
      await drop();
    };
    return { ...first, stores, database: databases[0], close };
  };

  conversationStoreContract(name, open);
  membersContract(name, open);
  pairStoreContract(name, open);
  sqlStores(open);
});

interface Opened extends Stored {
  database: SqlDatabase;
  close: () => Promise<void>;
}

function sqlStores(open: () => Promise<Opened>): void {
  describe('SQL stores', () => {
    it('publish contact changes in their public form, keyed by whose list changed', async () => {
      const { stores, outbox, log, close } = await open();
      const desk = deskOver(stores);
      const { id } = await desk.requests.ask(ann, bob, 'hi');
      await desk.requests.answer(bob, id, true);
      await outbox.flush();
      expect(log.records.map(({ topic, key }) => [topic, key])).toEqual(
        [ann, bob, ann, bob].map((userId) => [TOPICS.contactChanged.name, userId]),
      );
      const events = log.records.map(({ value }) => conversationEventsV1.ContactChanged.decode(value));
      expect(events.map(({ change }) => change)).toEqual([
        'request-sent',
        'request-received',
        'request-accepted',
        'added',
      ]);
      expect(JSON.parse(events[2]?.payloadJson as string)).toEqual({
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

    it('publish settings in the order in which they were written, to their owner alone', async () => {
      const { database, close } = await open();
      const { stores, outbox, log } = storesOn(database);
      const desk = deskOver(stores);
      const conversationId = await desk.group();
      await desk.mySettings.execute(bob, conversationId, { muted: true });
      await desk.mySettings.execute(bob, conversationId, {});
      await desk.mySettings.execute(bob, conversationId, { pinned: true, muted: false });
      await outbox.flush();
      expect(log.records.map(({ topic, key }) => [topic, key])).toEqual(
        [bob, bob].map((userId) => [TOPICS.settingsChanged.name, userId]),
      );
      const payloads = log.records.map(({ value }) => conversationEventsV1.SettingsChanged.decode(value).payloadJson);
      const settings = { muted: false, pinned: false, archived: false };
      expect(payloads.map((json) => JSON.parse(json) as object)).toEqual([
        { conversationId, settings: { ...settings, muted: true } },
        { conversationId, settings: { ...settings, pinned: true } },
      ]);
      await outbox.stop();
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
}
