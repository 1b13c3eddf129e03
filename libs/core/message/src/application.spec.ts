import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AdvanceCursors,
  AppendFacts,
  CursorWatch,
  type MovedCursor,
  SendMessages,
} from './application/commit-changes.js';
import {
  DeleteMessage,
  EditMessage,
  type HiddenMessage,
  HideWatch,
  RecallMessage,
} from './application/change-message.js';
import { ListMessages } from './application/list-messages.js';
import { ConversationStates, ListConversations } from './application/conversation-states.js';
import { CheckMembers, ListMemberIds } from './application/members.js';
import { GetMessage, GetReceipts } from './application/read-log.js';
import { messageIdOf, placeOf } from './domain/message-id.js';
import { messageJson } from './domain/public-json.js';
import { aCursor, aFact, aSend, created } from './testing/builders.js';
import { InMemoryLog } from './testing/in-memory-log.js';

class Watch extends CursorWatch {
  readonly seen: MovedCursor[] = [];
  moved(cursors: readonly MovedCursor[]): void {
    this.seen.push(...cursors);
  }
}

class Hides extends HideWatch {
  readonly seen: HiddenMessage[] = [];
  hidden(message: HiddenMessage): void {
    this.seen.push(message);
  }
}

describe('the message use cases', () => {
  let now = 1_700_000_000_000;
  let store: InMemoryLog;
  let messageId: string;

  beforeEach(async () => {
    store = new InMemoryLog(() => now, { editMs: 86_400_000, recallMs: 120_000 });
    const sent = await new SendMessages(store.log).execute([]);
    expect(sent).toEqual([]);
    await new AppendFacts(store.log).execute([created(['ann', 'bob', 'eve'])]);
    const [outcome] = await new SendMessages(store.log).execute([aSend({ text: 'hi' })]);
    messageId = (outcome as { messageId: string }).messageId;
  });

  it('merges the cursor moves of one user, and tells each mover and the watch what came of it', async () => {
    const watch = new Watch();
    const moves = [
      { ...aCursor({ deliveredSeq: 2 }), sessionId: 's1' },
      { ...aCursor({ readSeq: 1 }), sessionId: 's2' },
      { ...aCursor({ userId: 'eve', readSeq: 2 }), sessionId: 's3' },
      { ...aCursor({ userId: 'stranger', readSeq: 2 }), sessionId: 's4' },
    ];
    const answers = await new AdvanceCursors(store.log, watch).execute(moves);
    expect(answers.slice(0, 3)).toMatchObject([
      { deliveredSeq: 2 },
      { deliveredSeq: 2 },
      { readSeq: 2, unreadCount: 0 },
    ]);
    expect(answers[3]).toMatchObject({ code: 'conversation.not_found' });
    expect(watch.seen.map(({ userId, sessionId }) => [userId, sessionId])).toEqual([
      ['bob', ''],
      ['eve', 's3'],
    ]);
    await new AdvanceCursors(store.log, watch).execute(moves);
    expect(watch.seen).toHaveLength(2);
  });

  it('edits, recalls and hides, and throws what was refused', async () => {
    const target = { conversationId: 'c1', messageId, actorId: 'ann' };
    const edited = await new EditMessage(store.log, store).execute({
      kind: 'edit',
      ...target,
      contentJson: '{"text":"ho"}',
    });
    expect(JSON.parse(messageJson(edited, 'c1'))).toMatchObject({
      content: { text: 'ho' },
      editedAt: expect.any(String),
    });
    const recalled = await new RecallMessage(store.log, store).execute({ kind: 'recall', ...target });
    expect(JSON.parse(messageJson(recalled, 'c1'))).not.toHaveProperty('content');
    const watch = new Hides();
    const remove = (actorId: string) =>
      new DeleteMessage(store.log, watch).execute({ kind: 'hide', ...target, actorId, sessionId: 's1' });
    await remove('ann');
    await remove('ann');
    expect(watch.seen).toEqual([{ conversationId: 'c1', messageId, seq: 2, userId: 'ann', sessionId: 's1' }]);
    await expect(remove('stranger')).rejects.toMatchObject({ code: 'conversation.not_found' });
    await expect(
      new AppendFacts(store.log).execute([aFact({ is: 'disbanded' }, { conversationId: 'nowhere' })]),
    ).rejects.toMatchObject({ code: 'conversation.not_found' });
  });

  it('reads a page of plain messages at once, and asks once more where more reacted than are named', async () => {
    const crowd = Array.from({ length: 60 }, (_, i) => `u${i}`);
    await store.log.commit([
      aFact({ is: 'joined', members: crowd.map((userId) => ({ userId, role: 'member' as const })) }),
    ]);
    const others = (await store.log.commit(Array.from({ length: 5 }, () => aSend()))) as { messageId: string }[];
    const page = () =>
      new ListMessages(store).execute({
        actorId: 'u59',
        conversationId: 'c1',
        beforeSeq: 0,
        afterSeq: 0,
        oldestFirst: false,
        fromAt: 0,
        limit: 10,
      });
    const asked = vi.spyOn(store, 'ownReactions');
    const react = (userId: string, id: string) =>
      store.log.commit([
        { kind: 'react', conversationId: 'c1', messageId: id, actorId: userId, emoji: '👍', remove: false },
      ]);
    for (const userId of crowd.slice(0, 50)) await react(userId, messageId);
    expect((await page()).messages.at(-1)?.reactions).toContain('"count":50');
    expect(asked).not.toHaveBeenCalled();
    for (const userId of crowd) for (const { messageId: id } of [{ messageId }, ...others]) await react(userId, id);
    const { messages } = await page();
    expect(messages.map(({ reactions }) => (JSON.parse(reactions) as { mine: boolean }[])[0]?.mine)).toEqual(
      Array.from({ length: 6 }, () => true),
    );
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('names who has a message while the conversation is small, counts while it is large, and is silent beyond', async () => {
    await store.log.commit([aCursor({ deliveredSeq: 2 }), aCursor({ userId: 'eve', readSeq: 2 })]);
    const receipts = (perMember: number, counted: number) =>
      new GetReceipts(new GetMessage(store), store, { perMember, counted }).execute({
        actorId: 'ann',
        conversationId: 'c1',
        messageId,
      });
    expect(await receipts(3, 3)).toMatchObject({
      deliveredCount: 2,
      readCount: 1,
      cursors: [{ userId: 'bob' }, { userId: 'eve' }],
    });
    expect(await receipts(2, 3)).toMatchObject({ deliveredCount: 2, readCount: 1, cursors: [] });
    expect(await receipts(1, 2)).toMatchObject({ deliveredCount: 0, readCount: 0, cursors: [] });
  });

  it('lists conversations by activity, page by page', async () => {
    now += 1000;
    await store.log.commit([created(['ann'], { conversationId: 'c2' })]);
    now += 1000;
    await store.log.commit([created(['ann'], { conversationId: 'c3' }), aSend()]);
    const list = new ListConversations(store, new ConversationStates(store));
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await list.execute({ actorId: 'ann', cursor, limit: 1 });
      seen.push(...page.items.map((item) => item.conversation.conversationId));
      if (page.nextCursor === '') break;
      cursor = page.nextCursor;
    }
    expect(new Set(seen)).toEqual(new Set(['c1', 'c2', 'c3']));
    expect(seen).toHaveLength(3);
    expect((await list.execute({ actorId: 'ann', cursor: 'nonsense', limit: 9 })).items).toHaveLength(3);
  });

  it('tells who is a member, and what they may do', async () => {
    await store.log.commit([aFact({ is: 'changed', userId: 'eve', mutedUntil: now + 1000, dataJson: '{}' })]);
    const check = new CheckMembers(store, () => now);
    expect(await check.execute({ conversationId: 'c1', userIds: ['ann', 'eve', 'zoe'] })).toMatchObject({
      kind: 'group',
      memberCount: 3,
      members: [
        { userId: 'ann', role: 'owner', maySend: true },
        { userId: 'eve', maySend: false },
      ],
    });
    expect(await check.execute({ conversationId: 'nowhere', userIds: ['ann'] })).toEqual({
      kind: '',
      memberCount: 0,
      members: [],
    });
    const ids = new ListMemberIds(store);
    expect(await ids.execute({ conversationId: 'c1', afterUserId: '', limit: 2 })).toEqual({
      userIds: ['ann', 'bob'],
      hasMore: true,
      memberCount: 3,
      headSeq: 3,
    });
    expect(await ids.execute({ conversationId: 'c1', afterUserId: 'bob', limit: 2 })).toEqual({
      userIds: ['eve'],
      hasMore: false,
      memberCount: 3,
      headSeq: 3,
    });
    expect(await ids.execute({ conversationId: 'nowhere', afterUserId: '', limit: 2 })).toMatchObject({ userIds: [] });
  });

  it('leads from a message id to its place and from nothing else', () => {
    expect(placeOf(messageIdOf(12_345, 678))).toEqual({ conversationNo: 12_345, seq: 678 });
    for (const wrong of ['', '1', '1-', '-1', '01-1', '1-1-1', 'ä-1', 'zzzzzzzzzzz-1'])
      expect(placeOf(wrong)).toBeUndefined();
  });
});
