import { describe, expect, it } from 'vitest';
import { ConversationStates, GetConversations } from '../application/conversation-states.js';
import { ListMessages } from '../application/list-messages.js';
import { GetMessage, GetReceipts, ListEvents } from '../application/read-log.js';
import { eventDataJson } from '../domain/public-json.js';
import { aCursor, aFact, aSend, created } from './builders.js';
import { codes, sent, type OpenLog, usingLog } from './log-under-test.js';

/** What every conversation log does when messages change, and what its readers then show, whatever stores it. */
export function messageChangesContract(name: string, open: OpenLog): void {
  const using = usingLog(open);

  describe(`changed messages: ${name}`, () => {
    it(
      'edits within the window by the sender only, and keeps the newest state everywhere',
      using(async ({ log, reader, advance }) => {
        await log.commit([created(['ann', 'bob'])]);
        const [outcome] = await log.commit([aSend({ text: 'first' })]);
        const edit = {
          kind: 'edit' as const,
          conversationId: 'c1',
          messageId: sent(outcome).messageId,
          actorId: 'ann',
          contentJson: '{"text":"second"}',
        };
        expect(
          codes(
            await log.commit([
              { ...edit, actorId: 'bob' },
              { ...edit, contentJson: '{"fileId":"x"}' },
              { ...edit, messageId: '1-zz' },
              edit,
              edit,
            ]),
          ),
        ).toEqual(['message.not_the_sender', 'message.type_mismatch', 'message.not_found', 'ok', 'ok']);
        const { events } = await new ListEvents(reader).execute({
          actorId: 'bob',
          conversationId: 'c1',
          afterSeq: 1,
          limit: 10,
        });
        expect(
          events.map(({ row, subject }) => [row.type, JSON.parse(eventDataJson(row, 'c1', subject)).content]),
        ).toEqual([
          ['message.created', { text: 'second' }],
          ['message.edited', { text: 'second' }],
        ]);
        advance(25 * 3_600_000);
        expect(codes(await log.commit([{ ...edit, contentJson: '{"text":"third"}' }]))).toEqual([
          'message.edit_window_over',
        ]);
      }),
    );

    it(
      'leaves nothing of a recalled text, and lets owners recall at any time',
      using(async ({ log, reader, advance }) => {
        await log.commit([created(['ann', 'bob', 'eve'])]);
        const [a, b] = (
          await log.commit([
            aSend({ senderId: 'bob', text: 'secret one' }),
            aSend({ senderId: 'bob', text: 'secret two' }),
          ])
        ).map(sent);
        const recall = { kind: 'recall' as const, conversationId: 'c1', messageId: a?.messageId ?? '', actorId: 'bob' };
        await log.commit([
          {
            kind: 'edit',
            conversationId: 'c1',
            messageId: recall.messageId,
            actorId: 'bob',
            contentJson: '{"text":"secret edit"}',
          },
        ]);
        expect(codes(await log.commit([{ ...recall, actorId: 'eve' }, recall, recall]))).toEqual([
          'message.not_the_sender',
          'ok',
          'ok',
        ]);
        advance(3 * 60_000);
        const late = { ...recall, messageId: b?.messageId ?? '' };
        expect(codes(await log.commit([late, { ...late, actorId: 'ann' }]))).toEqual([
          'message.recall_window_over',
          'ok',
        ]);
        const { events } = await new ListEvents(reader).execute({
          actorId: 'eve',
          conversationId: 'c1',
          afterSeq: 0,
          limit: 50,
        });
        const all = events.map(({ row, subject }) => eventDataJson(row, 'c1', subject)).join();
        expect(all).not.toContain('secret');
        expect(all).toContain('"recalledBy":"ann"');
        expect(
          codes(
            await log.commit([
              {
                kind: 'edit',
                conversationId: 'c1',
                messageId: recall.messageId,
                actorId: 'bob',
                contentJson: '{"text":"x"}',
              },
            ]),
          ),
        ).toEqual(['message.recalled']);
      }),
    );

    it(
      'hides a message from one user only',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'])]);
        const [a] = (await log.commit([aSend(), aSend()])).map(sent);
        await log.commit([{ kind: 'hide', conversationId: 'c1', messageId: a?.messageId ?? '', actorId: 'bob' }]);
        const list = (actorId: string) =>
          new ListMessages(reader).execute({
            actorId,
            conversationId: 'c1',
            beforeSeq: 0,
            afterSeq: 0,
            oldestFirst: false,
            fromAt: 0,
            limit: 10,
          });
        expect((await list('bob')).messages.map((m) => m.seq)).toEqual([3]);
        expect((await list('ann')).messages.map((m) => m.seq)).toEqual([3, 2]);
        await expect(
          new GetMessage(reader).execute({ actorId: 'bob', conversationId: 'c1', messageId: a?.messageId ?? '' }),
        ).rejects.toMatchObject({ code: 'message.not_found' });
      }),
    );

    it(
      'shows the newest message that is left, not the one that the user hid, as the last one',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'])]);
        const [, second] = (await log.commit([aSend(), aSend({ text: 'secret' })])).map(sent);
        await log.commit([{ kind: 'hide', conversationId: 'c1', messageId: second?.messageId ?? '', actorId: 'bob' }]);
        const lastOf = async (actorId: string) => {
          const get = new GetConversations(reader, new ConversationStates(reader));
          return (await get.execute({ actorId, conversationIds: ['c1'] }))[0]?.lastMessage?.seq;
        };
        expect([await lastOf('bob'), await lastOf('ann')]).toEqual([2, 3]);
      }),
    );

    it(
      'lets nobody say by an edit what they may not say by a message',
      using(async ({ log }) => {
        await log.commit([created(['ann', 'bob'], { kind: 'direct' })]);
        const [message] = (await log.commit([aSend({ senderId: 'bob' })])).map(sent);
        const edit = {
          kind: 'edit' as const,
          conversationId: 'c1',
          messageId: message?.messageId ?? '',
          actorId: 'bob',
        };
        await log.commit([aFact({ is: 'restricted', userId: 'bob', blocked: true })]);
        const rude = { ...edit, contentJson: '{"text":"rude"}' };
        expect(codes(await log.commit([rude]))).toEqual(['message.blocked']);
        await log.commit([aFact({ is: 'restricted', userId: 'bob', blocked: false })]);
        expect(codes(await log.commit([rude]))).toEqual(['ok']);
      }),
    );

    it(
      'counts no receipt of who joined after the message, and no reply to what was said before the join',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'], { historyBeforeJoin: false })]);
        const [message] = (await log.commit([aSend()])).map(sent);
        const messageId = message?.messageId ?? '';
        await log.commit([aFact({ is: 'joined', members: [{ userId: 'late', role: 'member' }] })]);
        await log.commit([aCursor({ deliveredSeq: 2 })]);
        const receipts = new GetReceipts(new GetMessage(reader), reader, { perMember: 10, counted: 10 });
        expect(await receipts.execute({ actorId: 'ann', conversationId: 'c1', messageId })).toMatchObject({
          deliveredCount: 1,
          readCount: 0,
          cursors: [{ userId: 'bob' }],
        });
        const replies = [
          aSend({ senderId: 'late', replyTo: messageId }),
          aSend({ senderId: 'bob', replyTo: messageId }),
        ];
        expect(codes(await log.commit(replies))).toEqual(['message.not_found', 'ok']);
      }),
    );

    it(
      'leaves a hidden message its place in the log of who hid it, without content, also in its edits',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'])]);
        const [a] = (await log.commit([aSend({ text: 'secret' }), aSend()])).map(sent);
        const messageId = a?.messageId ?? '';
        await log.commit([{ kind: 'hide', conversationId: 'c1', messageId, actorId: 'bob' }]);
        await log.commit([
          { kind: 'edit', conversationId: 'c1', messageId, actorId: 'ann', contentJson: '{"text":"secret too"}' },
        ]);
        const dataOf = async (actorId: string) => {
          const query = { actorId, conversationId: 'c1', afterSeq: 1, limit: 10 };
          const { events } = await new ListEvents(reader).execute(query);
          return events.map(({ row, subject, hidden }) => eventDataJson(row, 'c1', subject, hidden));
        };
        const [first, other, edit] = await dataOf('bob');
        for (const data of [first, edit])
          expect(JSON.parse(data ?? '')).toEqual({ messageId, messageSeq: 2, hidden: true });
        expect(other).toContain('hello');
        expect((await dataOf('ann')).join()).toContain('secret too');
      }),
    );

    it(
      'pages history both ways, and shows newcomers only what the conversation allows',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'], { historyBeforeJoin: false })]);
        await log.commit(Array.from({ length: 5 }, () => aSend()));
        await log.commit([aFact({ is: 'joined', members: [{ userId: 'late', role: 'member' }] }), aSend()]);
        const list = (actorId: string, part: object) =>
          new ListMessages(reader).execute({
            actorId,
            conversationId: 'c1',
            beforeSeq: 0,
            afterSeq: 0,
            oldestFirst: false,
            fromAt: 0,
            limit: 2,
            ...part,
          });
        expect(await list('ann', {})).toMatchObject({ messages: [{ seq: 8 }, { seq: 6 }], hasMore: true });
        expect(await list('ann', { beforeSeq: 3 })).toMatchObject({ messages: [{ seq: 2 }], hasMore: false });
        expect(await list('ann', { afterSeq: 5, oldestFirst: true })).toMatchObject({
          messages: [{ seq: 6 }, { seq: 8 }],
          hasMore: false,
        });
        expect((await list('late', { limit: 10 })).messages.map((m) => m.seq)).toEqual([8]);
        await expect(list('zoe', {})).rejects.toMatchObject({ code: 'conversation.not_found' });
      }),
    );

    it(
      'tells newcomers nothing of what was said before them, also when it is changed later',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'], { historyBeforeJoin: false })]);
        const [message] = (await log.commit([aSend({ text: 'secret' })])).map(sent);
        const messageId = message?.messageId ?? '';
        await log.commit([aFact({ is: 'joined', members: [{ userId: 'late', role: 'member' }] })]);
        const edit = { kind: 'edit' as const, conversationId: 'c1', messageId, actorId: 'ann' };
        await log.commit([{ ...edit, contentJson: '{"text":"secret too"}' }]);
        const dataOf = async (actorId: string) => {
          const query = { actorId, conversationId: 'c1', afterSeq: 3, limit: 10 };
          const { events } = await new ListEvents(reader).execute(query);
          return events.map(({ row, subject, hidden }) => eventDataJson(row, 'c1', subject, hidden)).join();
        };
        expect(JSON.parse(await dataOf('late'))).toEqual({ messageId, messageSeq: 2, hidden: true });
        expect(await dataOf('bob')).toContain('secret too');
      }),
    );

    it(
      'names a reply’s message, and refuses one of another conversation',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann']), created(['ann'], { conversationId: 'c2' })]);
        const [a, b] = (await log.commit([aSend(), aSend({ conversationId: 'c2' })])).map(sent);
        expect(
          codes(
            await log.commit([
              aSend({ replyTo: a?.messageId ?? '' }),
              aSend({ replyTo: b?.messageId ?? '' }),
              aSend({ replyTo: 'nonsense' }),
            ]),
          ),
        ).toEqual(['ok', 'message.not_found', 'message.not_found']);
        const conversation = await reader.conversation('c1');
        expect((await reader.events(conversation?.no ?? 0, 2, 10))[0]).toMatchObject({ refSeq: 2 });
      }),
    );
  });
}
