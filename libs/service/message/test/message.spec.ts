import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedLog } from '@parley/adapter-embedded-log';
import { InProcessBus } from '@parley/adapter-in-process';
import { SqlDatabase } from '@parley/adapter-sql';
import { TOPICS } from '@parley/contracts';
import { messageEventsV1, messageV1, type ServiceClient } from '@parley/contracts/rpc';
import { type ServiceOverGrpc, startServiceOverGrpc } from '@parley/platform/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommitThread, MessageModule } from '../src/index.js';

const { name: topic } = TOPICS.messageAppended;

/** The message service on its embedded engines, called over gRPC. */
describe('message service', () => {
  let directory: string;
  let log: EmbeddedLog;
  let service: ServiceOverGrpc;
  let closeStore: () => Promise<void>;
  let message: ServiceClient<typeof messageV1.MessageServiceService>;

  const start = async () => {
    const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const runner = new CommitThread(`${directory}/message.db`, { editMs: 60_000, recallMs: 60_000 }, (error) =>
      console.error(error),
    );
    const module = MessageModule.with({ database, runner, receiptTiers: { perMember: 100, counted: 2000 } });
    const answers = [messageV1.MessageServiceService] as const;
    service = await startServiceOverGrpc({ module, answers, log, neighbours: new InProcessBus() });
    closeStore = () => database.close();
    message = service.rpc.of(messageV1.MessageServiceService);
  };
  const stop = async () => {
    await service.stop();
    await closeStore();
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'parley-message-service-'));
    log = await EmbeddedLog.open({ directory });
    await start();
  });

  afterEach(async () => {
    await stop();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const fact = (changeId: string, more: Partial<messageV1.Fact>): messageV1.Fact => ({
    changeId,
    conversationId: 'c1',
    actorId: 'ann',
    created: undefined,
    joined: undefined,
    gone: undefined,
    changed: undefined,
    event: undefined,
    disbanded: undefined,
    restricted: undefined,
    ...more,
  });
  const member = (userId: string) => ({ userId, role: 'member' });
  const founded = fact('f1', {
    created: { kind: 'group', members: [member('ann'), member('bob')], historyBeforeJoin: true },
  });
  const joined = fact('f2', { joined: { members: [member('cat')] } });
  const send = (clientMsgId: string, more: Partial<messageV1.Send> = {}): messageV1.Send => ({
    senderId: 'ann',
    deviceId: 'phone',
    conversationId: 'c1',
    clientMsgId,
    type: 'text',
    contentJson: JSON.stringify({ text: `grüße ${clientMsgId}` }),
    replyTo: '',
    mentions: [],
    ...more,
  });
  const events = async () => {
    const request = { actorId: 'ann', conversationId: 'c1', afterSeq: 0, limit: 100 };
    return (await message.listEvents(request)).events.map(({ seq, type }) => `${seq} ${type}`);
  };
  const epochOf = async (actorId: string) =>
    (await message.getConversations({ actorId, conversationIds: ['c1'] })).conversations[0]?.epoch ?? '';
  const absent = { actorId: 'ann', conversationId: 'c1', messageId: 'never' };

  it('answers errors of the log with their own codes', async () => {
    await expect(message.getMessage(absent)).rejects.toMatchObject({
      code: 'conversation.not_found',
      kind: 'not_found',
    });
    await message.appendFacts({ facts: [founded] });
    await expect(message.getMessage(absent)).rejects.toMatchObject({ code: 'message.not_found', kind: 'not_found' });
    const asEve = { ...absent, actorId: 'eve' };
    await expect(message.getMessage(asEve)).rejects.toMatchObject({ code: 'conversation.not_found' });
  });

  it('keeps the good sends of a batch that has bad ones', async () => {
    await message.appendFacts({ facts: [founded] });
    const sends = [send('m1'), send('m2', { senderId: 'eve' }), send('m3', { conversationId: 'c9' }), send('m4')];
    const { results } = await message.appendBatch({ sends });
    expect(results.map(({ sent, failure }) => sent?.seq ?? failure?.code)).toEqual([
      2,
      'message.not_a_member',
      'message.not_a_member',
      3,
    ]);
    expect(await events()).toHaveLength(3);
  });

  it('takes a fact that comes again for the same fact, also after a restart', async () => {
    const first = await message.appendFacts({ facts: [founded, joined] });
    const kept = await events();
    expect(await message.appendFacts({ facts: [joined] })).toEqual({ seqs: [first.seqs[1]] });
    await stop();
    await start();
    expect(await message.appendFacts({ facts: [founded, joined] })).toEqual(first);
    expect(await events()).toEqual(kept);
  });

  it('refuses a fact without a body, takes the next ones, and writes nothing of the refused call', async () => {
    await message.appendFacts({ facts: [founded] });
    const poisoned = message.appendFacts({ facts: [joined, fact('f3', {})] });
    await expect(poisoned).rejects.toMatchObject({ code: 'request.invalid', kind: 'invalid' });
    expect(await events()).toHaveLength(1);
    expect((await message.appendFacts({ facts: [joined] })).seqs).toEqual([2]);
  });

  it('takes reactions, pins, mentions and deletions, and answers messages as their reader sees them', async () => {
    const owned = {
      kind: 'group',
      members: [{ userId: 'ann', role: 'owner' }, member('bob')],
      historyBeforeJoin: true,
    };
    await message.appendFacts({ facts: [fact('f1', { created: owned })] });
    const { results } = await message.appendBatch({ sends: [send('m1', { mentions: ['all'] }), send('m2')] });
    const messageId = results[0]?.sent?.messageId ?? '';
    const target = { conversationId: 'c1', messageId };
    const of = (wire: messageV1.Message | undefined) => JSON.parse(wire?.json ?? '') as Record<string, unknown>;
    const bobs = await message.reactToMessage({ actorId: 'bob', ...target, emoji: '👨‍👩‍👧‍👦', remove: false });
    const reaction = { emoji: '👨‍👩‍👧‍👦', count: 1, userIds: ['bob'] };
    expect(of(bobs.message)).toMatchObject({ changedSeq: 4, reactions: [{ ...reaction, mine: true }] });
    await message.pinMessage({ actorId: 'ann', ...target, pinned: true });
    await message.editMessage({ actorId: 'ann', ...target, contentJson: '{"text":"new"}', mentions: undefined });
    const asked = { actorId: 'ann', conversationId: 'c1' };
    const [pinned] = (await message.listPins(asked)).messages;
    const [named] = (await message.getMessages({ ...asked, messageIds: [messageId] })).messages;
    expect(pinned).toEqual(named);
    expect(of(pinned)).toMatchObject({
      changedSeq: 6,
      content: { text: 'new' },
      mentions: ['all'],
      pinnedBy: 'ann',
      reactions: [{ ...reaction, mine: false }],
    });
    const mentionsOf = async () =>
      (await message.getConversations({ actorId: 'bob', conversationIds: ['c1'] })).conversations[0]?.mentionCount;
    expect(await mentionsOf()).toBe(1);
    const none = { userIds: [] };
    await message.editMessage({ actorId: 'ann', ...target, contentJson: '{"text":"new"}', mentions: none });
    expect(await mentionsOf()).toBe(0);
    const { messages } = await message.listMessages({
      ...asked,
      beforeSeq: 0,
      afterSeq: 0,
      limit: 1,
      oldestFirst: false,
      fromAt: 1,
    });
    expect(messages.map(({ seq }) => seq)).toEqual([2]);
    await message.deleteMessage({ actorId: 'bob', ...target, sessionId: 's1' });
    const heads = [{ conversationId: 'c1', seq: 7, epoch: await epochOf('bob'), at: 0 }];
    const { hidden } = await message.sync({ actorId: 'bob', cursor: '', heads, limit: 0 });
    expect(hidden).toEqual([{ conversationId: 'c1', messageSeq: 2, messageId }]);
  });

  it('publishes what it appended, in order', async () => {
    const seen: number[] = [];
    await log.subscribe({
      group: 'test.reader',
      topic,
      handle: async (records) => {
        const appended = records.flatMap(({ value }) => messageEventsV1.Appended.decode(value).events);
        seen.push(...appended.map(({ seq }) => seq));
      },
    });
    await message.appendFacts({ facts: [founded] });
    await Promise.all([1, 2, 3].map((number) => message.appendBatch({ sends: [send(`m${number}`)] })));
    await vi.waitFor(() => expect(seen).toEqual([1, 2, 3, 4]), { timeout: 5000 });
  });
});
