import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlDatabase } from '@parley/adapter-sql';
import {
  type ConversationState,
  ConversationStates,
  GetConversations,
  ListConversations,
  messageIdOf,
  SyncDevice,
} from '@parley/core-message';
import {
  aCursor,
  aFact,
  aSend,
  conversationLogContract,
  created,
  type LogUnderTest,
  mentionsContract,
  messageChangesContract,
  messageMarksContract,
  pinsContract,
  syncContract,
} from '@parley/core-message/testing';
import { describe, expect, it } from 'vitest';
import { LogOfRecords } from './support/log-of-records.js';
import { GroupCommitLog } from '../src/outbound/group-commit-log.js';
import { MessageRelay } from '../src/outbound/message-relay.js';
import { SqliteLogReader } from '../src/outbound/sqlite/sqlite-log-reader.js';
import type { CommitRunner } from '../src/outbound/commit-runner.js';
import { SqliteCommitEngine } from '../src/outbound/sqlite/sqlite-commit-engine.js';

async function open(): Promise<LogUnderTest> {
  let now = 1_700_000_000_000;
  const directory = mkdtempSync(join(tmpdir(), 'parley-message-'));
  const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
  const engine = new SqliteCommitEngine(`${directory}/message.db`, { editMs: 86_400_000, recallMs: 120_000 });
  const runner: CommitRunner = {
    paceMs: 4,
    commit: async (changes, published, at) => engine.commit(changes, published, at),
    unpublished: async (limit) => engine.unpublished(limit),
    close: async () => engine.close(),
  };
  const relay = new MessageRelay(runner, new LogOfRecords());
  relay.start();
  return {
    log: new GroupCommitLog(runner, relay, { now: () => now }, { committed: () => undefined }),
    reader: new SqliteLogReader(database),
    advance: (ms) => void (now += ms),
    now: () => now,
    async close() {
      await relay.stop();
      engine.close();
      await database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

conversationLogContract('SQLite', open);
messageChangesContract('SQLite', open);
messageMarksContract('SQLite', open);
pinsContract('SQLite', open);
mentionsContract('SQLite', open);
syncContract('SQLite', open);

describe('counts that are not written yet', () => {
  it('do not make a list of conversations begin again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-message-'));
    const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const engine = new SqliteCommitEngine(`${directory}/message.db`, { editMs: 1, recallMs: 1 });
    for (const [i, conversationId] of ['c4', 'c3', 'c2', 'c1'].entries())
      engine.commit([created(['ann'], { conversationId })], [], i + 1);
    engine.commit(
      Array.from({ length: 10 }, () => aSend({ conversationId: 'c2' })),
      [],
      1000,
    );
    const reader = new SqliteLogReader(database);
    const list = new ListConversations(reader, new ConversationStates(reader));
    const first = await list.execute({ actorId: 'ann', cursor: '', limit: 2 });
    const second = await list.execute({ actorId: 'ann', cursor: first.nextCursor, limit: 2 });
    const ids = [first, second].map(({ items }) => items.map(({ conversation }) => conversation.conversationId));
    expect(ids).toEqual([
      ['c1', 'c2'],
      ['c3', 'c4'],
    ]);
    expect(first.items[1]?.conversation.headSeq).toBe(11);
    engine.close();
    await database.close();
    rmSync(directory, { recursive: true });
  });
});

describe('counts that were not written when the process died', () => {
  const windows = { editMs: 86_400_000, recallMs: 120_000 };

  it('do not make own sends unread when a fact writes the conversation in between', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-message-'));
    const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const engine = new SqliteCommitEngine(`${directory}/message.db`, windows);
    engine.commit([created(['ann', 'bob'])], [], 1);
    engine.commit(
      Array.from({ length: 10 }, () => aSend()),
      [],
      2,
    );
    const fact = aFact({ is: 'event', type: 'conversation.changed', dataJson: '{}' });
    engine.commit([fact, ...Array.from({ length: 10 }, () => aSend({ senderId: 'bob' }))], [], 3);
    const reader = new SqliteLogReader(database);
    const states = new GetConversations(reader, new ConversationStates(reader));
    const [ann] = await states.execute({ actorId: 'ann', conversationIds: ['c1'] });
    const [bob] = await states.execute({ actorId: 'bob', conversationIds: ['c1'] });
    expect([ann?.unreadCount, bob?.unreadCount]).toEqual([10, 10]);
    engine.close();
    await database.close();
    rmSync(directory, { recursive: true });
  });

  it('are counted again from the events, once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-message-'));
    const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const file = `${directory}/message.db`;
    const first = new SqliteCommitEngine(file, windows);
    first.commit([created(['ann', 'bob'])], [], 1);
    const sends = Array.from({ length: 20 }, (_, i) => aSend({ senderId: i < 15 ? 'ann' : 'bob' }));
    first.commit(sends, [], 2);
    first.commit([aCursor({ userId: 'ann', readSeq: 3 }), ...Array.from({ length: 10 }, () => aSend())], [], 3);
    const states = new GetConversations(
      new SqliteLogReader(database),
      new ConversationStates(new SqliteLogReader(database)),
    );
    const look = async (actorId: string) => (await states.execute({ actorId, conversationIds: ['c1'] }))[0];
    const before = [await look('ann'), await look('bob')];
    expect(before[0]).toMatchObject({
      unreadCount: 5,
      conversation: { headSeq: 31, messageCount: 30, lastMessageSeq: 31 },
    });
    expect(before[1]).toMatchObject({ unreadCount: 25 });
    // No close: what a kill leaves. Opening the file counts again, and once more changes nothing.
    const second = new SqliteCommitEngine(file, windows);
    expect([await look('ann'), await look('bob')].map(plain)).toEqual(before.map(plain));
    const repeats = second.commit(sends, [], 4).outcomes;
    expect(repeats.every((o) => 'outcome' in o && o.outcome.kind === 'send' && o.outcome.repeated)).toBe(true);
    const third = new SqliteCommitEngine(file, windows);
    expect([await look('ann'), await look('bob')].map(plain)).toEqual(before.map(plain));
    expect(third.commit([aSend()], [], 5).outcomes).toMatchObject([{ outcome: { seq: 32 } }]);
    await database.close();
    rmSync(directory, { recursive: true });
  });
});

function plain(state: ConversationState | undefined): unknown {
  return {
    unread: state?.unreadCount,
    head: state?.conversation.headSeq,
    messages: state?.conversation.messageCount,
    last: state?.lastMessage?.seq,
  };
}

describe('what a killed process left unpublished', () => {
  it('is published as it would have been, reactions and pins included', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-message-'));
    const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const engine = new SqliteCommitEngine(`${directory}/message.db`, { editMs: 1000, recallMs: 1000 });
    engine.commit([created(['ann', 'bob']), aSend()], [], 1);
    const target = { conversationId: 'c1', messageId: messageIdOf(1, 2), actorId: 'ann' };
    const { appended, outboxId } = engine.commit(
      [
        { kind: 'react', ...target, emoji: '👍', remove: false },
        { kind: 'pin', ...target, pinned: true },
        { kind: 'edit', ...target, contentJson: '{"text":"new"}', mentions: ['all'] },
      ],
      [],
      2,
    );
    expect(appended[0]?.events.map(({ type, dataJson }) => [type, JSON.parse(dataJson)])).toMatchObject([
      ['reaction.added', { messageSeq: 2, emoji: '👍', userId: 'ann', count: 1 }],
      ['message.pinned', { messageSeq: 2, userId: 'ann' }],
      ['message.edited', { messageSeq: 2, content: { text: 'new' }, mentions: ['all'] }],
    ]);
    const left = engine.unpublished(10);
    expect(left.at(-1)).toEqual({ outboxId, appended });
    // A message that is published late is published in its present state, which says which of the next events it holds.
    expect(JSON.parse(left[0]?.appended[0]?.events[1]?.dataJson ?? '')).toMatchObject({
      changedSeq: 5,
      reactions: [{ emoji: '👍', count: 1, userIds: ['ann'] }],
    });
    engine.close();
    await database.close();
    rmSync(directory, { recursive: true });
  });
});

describe('a file that was put back to a backup', () => {
  it('makes devices load everything anew, also when it has grown beyond what they saw', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-message-'));
    const file = `${directory}/message.db`;
    const windows = { editMs: 1, recallMs: 1 };
    const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const commits = (count: number) => {
      const engine = new SqliteCommitEngine(file, windows);
      for (let i = 0; i < count; i += 1) engine.commit([aSend()], [], i);
      engine.close();
    };
    const first = new SqliteCommitEngine(file, windows);
    first.commit([created(['ann', 'bob'])], [], 1);
    first.close();
    const before = await new SqliteLogReader(database).position();
    const terms = await database.read.query('SELECT COUNT(*) AS n FROM log_terms');
    await database.close();
    copyFileSync(file, `${directory}/backup`);
    commits(3);
    const seen = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const lost = await new SqliteLogReader(seen).position();
    expect(await new SqliteLogReader(seen).holds(lost)).toBe(true);
    await seen.close();
    for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`, { force: true });
    copyFileSync(`${directory}/backup`, file);
    commits(10);
    const restored = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const reader = new SqliteLogReader(restored);
    expect([await reader.holds(before), await reader.holds(lost)]).toEqual([true, false]);
    expect(terms).toEqual([{ n: 1 }]);
    await restored.close();
    rmSync(directory, { recursive: true });
  });

  it('goes on with cursors from before there were terms', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-message-'));
    const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const engine = new SqliteCommitEngine(`${directory}/message.db`, { editMs: 1, recallMs: 1 });
    engine.commit([created(['ann', 'bob']), aSend()], [], 1);
    engine.commit([aSend()], [], 2);
    const reader = new SqliteLogReader(database);
    const sync = new SyncDevice(reader, new ConversationStates(reader), () => 0);
    const page = await sync.execute({ actorId: 'bob', cursor: '2.-1.0.0', heads: [], limit: 10 });
    expect(page.events.flatMap(({ events }) => events.map(({ row }) => row.seq))).toEqual([3]);
    expect(page.resets).toEqual([]);
    engine.close();
    await database.close();
    rmSync(directory, { recursive: true });
  });
});
