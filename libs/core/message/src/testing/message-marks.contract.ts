import { describe, expect, it } from 'vitest';
import { ListEvents } from '../application/read-log.js';
import { GetMessages, ListMessages, ListPins } from '../application/list-messages.js';
import type { PinChange, ReactChange } from '../domain/changes/change.js';
import type { EventRow } from '../domain/log-rows.js';
import { messageIdOf } from '../domain/message-id.js';
import { eventDataJson, messageJson } from '../domain/public-json.js';
import type { LogReader } from '../ports/log-reader.js';
import { aFact, aSend, created } from './builders.js';
import { codes, sent, type OpenLog, usingLog } from './log-under-test.js';

interface PublicMessage {
  changedSeq: number;
  pinnedAt?: string;
  pinnedBy?: string;
  reactions?: { emoji: string; count: number; userIds: string[]; mine: boolean }[];
}

const EMOJI = Array.from({ length: 21 }, (_, i) => String.fromCodePoint(0x1f600 + i));
const users = (count: number) => Array.from({ length: count }, (_, i) => `u${String(i).padStart(3, '0')}`);

const react = (messageId: string, actorId: string, emoji = '👍', remove = false): ReactChange => ({
  kind: 'react',
  conversationId: 'c1',
  messageId,
  actorId,
  emoji,
  remove,
});
const pin = (messageId: string, actorId: string, pinned = true): PinChange => ({
  kind: 'pin',
  conversationId: 'c1',
  messageId,
  actorId,
  pinned,
});
const hide = (messageId: string, actorId: string) => ({
  kind: 'hide' as const,
  conversationId: 'c1',
  messageId,
  actorId,
});
const recall = (messageId: string, actorId = 'ann') => ({
  kind: 'recall' as const,
  conversationId: 'c1',
  messageId,
  actorId,
});

/** The public message, as this user gets it in a page. */
async function asSeen(reader: LogReader, actorId: string, messageId: string): Promise<PublicMessage> {
  const [row] = await new GetMessages(reader).execute({ actorId, conversationId: 'c1', messageIds: [messageId] });
  return JSON.parse(messageJson(row as EventRow, 'c1')) as PublicMessage;
}

/** Reactions and pins: what every conversation log does with them, whatever stores it. */
export function messageMarksContract(name: string, open: OpenLog): void {
  const using = usingLog(open);
  const eventsOf = async (reader: LogReader, actorId = 'ann', afterSeq = 0) => {
    const query = { actorId, conversationId: 'c1', afterSeq, limit: 500 };
    const { events } = await new ListEvents(reader).execute(query);
    return events.map(({ row, subject, hidden }) => ({
      seq: row.seq,
      type: row.type,
      data: JSON.parse(eventDataJson(row, 'c1', subject, hidden)) as Record<string, unknown>,
    }));
  };

  describe(`reactions: ${name}`, () => {
    it(
      'shows who reacted how, in the order of first use, and says what is the reader’s own',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob', 'eve'])]);
        const [a] = (await log.commit([aSend()])).map(sent);
        const id = a?.messageId ?? '';
        await log.commit([react(id, 'bob', '👍'), react(id, 'eve', '🎉'), react(id, 'ann', '👍')]);
        await log.commit([react(id, 'eve', '👍', true), react(id, 'eve', '👍')]);
        expect(await asSeen(reader, 'bob', id)).toMatchObject({
          changedSeq: 6,
          reactions: [
            { emoji: '👍', count: 3, userIds: ['bob', 'ann', 'eve'], mine: true },
            { emoji: '🎉', count: 1, userIds: ['eve'], mine: false },
          ],
        });
        expect((await eventsOf(reader, 'ann', 2)).map(({ type, data }) => [type, data])).toEqual([
          ['reaction.added', { messageId: id, messageSeq: 2, emoji: '👍', userId: 'bob', count: 1 }],
          ['reaction.added', { messageId: id, messageSeq: 2, emoji: '🎉', userId: 'eve', count: 1 }],
          ['reaction.added', { messageId: id, messageSeq: 2, emoji: '👍', userId: 'ann', count: 2 }],
          ['reaction.added', { messageId: id, messageSeq: 2, emoji: '👍', userId: 'eve', count: 3 }],
        ]);
        // An emoji that nobody uses any more comes last when it comes again.
        await log.commit([react(id, 'bob', '👍', true), react(id, 'ann', '👍', true), react(id, 'eve', '👍', true)]);
        await log.commit([react(id, 'bob', '👍')]);
        const { reactions } = await asSeen(reader, 'ann', id);
        expect(reactions?.map(({ emoji, userIds }) => [emoji, userIds])).toEqual([
          ['🎉', ['eve']],
          ['👍', ['bob']],
        ]);
      }),
    );

    it(
      'makes one event of a reaction, however often and however fast it comes',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'])]);
        const [a] = (await log.commit([aSend()])).map(sent);
        const id = a?.messageId ?? '';
        const all = await Promise.all(
          Array.from({ length: 20 }, () => log.commit([react(id, 'bob'), react(id, 'bob')])),
        );
        expect(codes(all.flat())).toEqual(Array.from({ length: 40 }, () => 'ok'));
        expect(await reader.conversation('c1')).toMatchObject({ headSeq: 3 });
        await Promise.all(Array.from({ length: 20 }, () => log.commit([react(id, 'bob', '👍', true)])));
        expect(await reader.conversation('c1')).toMatchObject({ headSeq: 4 });
        expect(await asSeen(reader, 'bob', id)).not.toHaveProperty('reactions');
        expect(codes(await log.commit([react(id, 'bob', '❤️', true)]))).toEqual(['ok']);
        expect(await reader.conversation('c1')).toMatchObject({ headSeq: 4 });
      }),
    );

    it(
      'counts everybody who reacts at once, names fifty, and knows the others’ own all the same',
      using(async ({ log, reader }) => {
        const crowd = users(70);
        await log.commit([created(['ann', ...crowd])]);
        const [a] = (await log.commit([aSend()])).map(sent);
        const id = a?.messageId ?? '';
        await Promise.all(crowd.map((userId) => log.commit([react(id, userId)])));
        const events = (await eventsOf(reader, 'ann', 2)).map(({ data }) => data);
        expect(events.map(({ count }) => count)).toEqual(Array.from({ length: 70 }, (_, i) => i + 1));
        const order = events.map(({ userId }) => userId as string);
        const reactions = async (userId: string) => (await asSeen(reader, userId, id)).reactions?.[0];
        expect(await reactions('ann')).toEqual({ emoji: '👍', count: 70, userIds: order.slice(0, 50), mine: false });
        for (const userId of [order[0], order[49], order[50], order[69]] as string[])
          expect((await reactions(userId))?.mine, userId).toBe(true);
        // A place that gets free goes to the next who reacts: what a client makes of the events is what the server says.
        await log.commit([react(id, order[3] as string, '👍', true), react(id, order[60] as string, '👍', true)]);
        await log.commit([react(id, 'ann')]);
        const named = [...order.slice(0, 3), ...order.slice(4, 50), 'ann'];
        expect(await reactions('ann')).toEqual({ emoji: '👍', count: 69, userIds: named, mine: true });
        expect((await reactions(order[60] as string))?.mine).toBe(false);
      }),
    );

    it(
      'takes no more than twenty emoji, also when they come at once',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'])]);
        const [a] = (await log.commit([aSend()])).map(sent);
        const id = a?.messageId ?? '';
        const answers = await Promise.all(
          EMOJI.map((emoji, i) => log.commit([react(id, i % 2 === 0 ? 'ann' : 'bob', emoji)])),
        );
        expect(codes(answers.flat()).filter((code) => code !== 'ok')).toEqual(['message.reaction_limit']);
        const { reactions = [] } = await asSeen(reader, 'ann', id);
        expect(reactions).toHaveLength(20);
        const used = reactions[7]?.emoji ?? '';
        expect(codes(await log.commit([react(id, 'ann', used), react(id, 'bob', used)]))).toEqual(['ok', 'ok']);
      }),
    );

    it(
      'refuses whom it refuses as senders, and what they cannot see',
      using(async ({ log, advance }) => {
        await log.commit([created(['ann', 'bob', 'eve', 'joe', 'gone'], { historyBeforeJoin: false })]);
        const [a, b] = (await log.commit([aSend(), aSend()])).map(sent);
        const id = a?.messageId ?? '';
        await log.commit([
          react(id, 'joe', '🎉'),
          aFact({ is: 'changed', userId: 'eve', mutedUntil: 50_000_000_000_000, dataJson: '{"userId":"eve"}' }),
          aFact({ is: 'restricted', userId: 'joe', blocked: true }),
          aFact({ is: 'gone', userId: 'gone', removed: true }),
          aFact({ is: 'joined', members: [{ userId: 'late', role: 'member' }] }),
          hide(id, 'bob'),
        ]);
        const refused = [
          react(id, 'zoe'),
          react(id, 'gone'),
          { ...react(id, 'ann'), conversationId: 'nowhere' },
          react(id, 'eve'),
          react(id, 'joe'),
          react(id, 'joe', '🎉', true),
          react(id, 'late'),
          react(id, 'bob'),
          react('nonsense', 'ann'),
          react(messageIdOf(1, 1), 'ann'),
        ];
        expect(codes(await log.commit(refused))).toEqual([
          'message.not_a_member',
          'message.not_a_member',
          'message.not_a_member',
          'message.muted',
          'message.blocked',
          'message.blocked',
          'message.not_found',
          'message.not_found',
          'message.not_found',
          'message.not_found',
        ]);
        advance(1);
        await log.commit([recall(b?.messageId ?? '')]);
        expect(codes(await log.commit([react(b?.messageId ?? '', 'ann')]))).toEqual(['message.recalled']);
        await log.commit([aFact({ is: 'disbanded' })]);
        expect(codes(await log.commit([react(id, 'ann')]))).toEqual(['message.disbanded']);
      }),
    );

    it(
      'loses its reactions and its pin with the message, and leaves nothing behind',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'])]);
        const [a] = (await log.commit([aSend()])).map(sent);
        const id = a?.messageId ?? '';
        await log.commit([react(id, 'bob'), react(id, 'ann', '🎉'), pin(id, 'ann')]);
        await log.commit([react(id, 'bob', '🎉'), recall(id), react(id, 'bob', '😀')]);
        const seen = await asSeen(reader, 'bob', id);
        for (const part of ['reactions', 'pinnedAt', 'pinnedBy', 'content']) expect(seen).not.toHaveProperty(part);
        expect(seen.changedSeq).toBe((await eventsOf(reader)).at(-1)?.seq);
        expect(await new ListPins(reader).execute({ actorId: 'ann', conversationId: 'c1' })).toEqual([]);
        const no = (await reader.conversation('c1'))?.no ?? 0;
        for (const userId of ['ann', 'bob'])
          expect(await reader.ownReactions(userId, [{ no, seq: 2 }]), userId).toEqual([]);
        expect(codes(await log.commit([react(id, 'bob', '👍', true), pin(id, 'ann', false)]))).toEqual(['ok', 'ok']);
      }),
    );

    it(
      'says nothing of a hidden message’s reactions, and moves changedSeq with every change',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'])]);
        const [a, b] = (await log.commit([aSend(), aSend()])).map(sent);
        const id = a?.messageId ?? '';
        await log.commit([hide(id, 'bob'), react(id, 'ann'), pin(id, 'ann')]);
        expect((await eventsOf(reader, 'bob', 3)).map(({ data }) => data)).toEqual([
          { messageId: id, messageSeq: 2, hidden: true },
          { messageId: id, messageSeq: 2, hidden: true },
        ]);
        const steps: number[] = [];
        const look = async () => steps.push((await asSeen(reader, 'ann', id)).changedSeq);
        await look();
        await log.commit([
          { kind: 'edit', conversationId: 'c1', messageId: id, actorId: 'ann', contentJson: '{"text":"new"}' },
        ]);
        await look();
        await log.commit([pin(id, 'ann', false)]);
        await look();
        await log.commit([recall(id)]);
        await look();
        expect(steps).toEqual([5, 6, 7, 8]);
        expect((await asSeen(reader, 'ann', b?.messageId ?? '')).changedSeq).toBe(3);
      }),
    );
  });

  describe(`pins: ${name}`, () => {
    it(
      'lists them, newest first, to those who may see them, and knows a repeat',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'], { historyBeforeJoin: false })]);
        const ids = (await log.commit([aSend(), aSend(), aSend()])).map((each) => sent(each).messageId);
        await log.commit([pin(ids[1] ?? '', 'ann'), pin(ids[0] ?? '', 'ann'), pin(ids[2] ?? '', 'ann')]);
        await log.commit([pin(ids[1] ?? '', 'ann'), pin(ids[2] ?? '', 'ann', false)]);
        await log.commit([hide(ids[0] ?? '', 'bob')]);
        await log.commit([aFact({ is: 'joined', members: [{ userId: 'late', role: 'member' }] })]);
        const list = async (actorId: string) =>
          (await new ListPins(reader).execute({ actorId, conversationId: 'c1' })).map(({ seq }) => seq);
        expect(await Promise.all(['ann', 'bob', 'late'].map(list))).toEqual([[2, 3], [3], []]);
        await expect(list('zoe')).rejects.toMatchObject({ code: 'conversation.not_found' });
        expect(await asSeen(reader, 'bob', ids[1] ?? '')).toMatchObject({ pinnedBy: 'ann', changedSeq: 5 });
        expect((await eventsOf(reader, 'ann', 4)).slice(0, 4).map(({ type, data }) => [type, data])).toEqual([
          ['message.pinned', { messageId: ids[1], messageSeq: 3, userId: 'ann' }],
          ['message.pinned', { messageId: ids[0], messageSeq: 2, userId: 'ann' }],
          ['message.pinned', { messageId: ids[2], messageSeq: 4, userId: 'ann' }],
          ['message.unpinned', { messageId: ids[2], messageSeq: 4, userId: 'ann' }],
        ]);
        await log.commit([pin(ids[1] ?? '', 'ann', false), pin(ids[1] ?? '', 'ann')]);
        expect(await list('ann')).toEqual([3, 2]);
      }),
    );

    it(
      'are for owners and admins of groups, and for both in a direct conversation',
      using(async ({ log }) => {
        await log.commit([created(['ann', 'bob', 'eve'])]);
        const [a] = (await log.commit([aSend({ senderId: 'bob' })])).map(sent);
        const id = a?.messageId ?? '';
        await log.commit([aFact({ is: 'changed', userId: 'eve', role: 'admin', dataJson: '{"userId":"eve"}' })]);
        expect(
          codes(await log.commit([pin(id, 'bob'), pin(id, 'eve'), pin(id, 'bob', false), pin(id, 'zoe')])),
        ).toEqual(['conversation.role_too_low', 'ok', 'conversation.role_too_low', 'conversation.not_found']);
        const direct = { conversationId: 'c2' };
        await log.commit([created(['ann', 'bob'], { ...direct, kind: 'direct' })]);
        const [b] = (await log.commit([aSend(direct)])).map(sent);
        const other = { ...pin(b?.messageId ?? '', 'bob'), ...direct };
        expect(codes(await log.commit([other, { ...other, actorId: 'ann', pinned: false }]))).toEqual(['ok', 'ok']);
        await log.commit([aFact({ is: 'restricted', userId: 'bob', blocked: true }, direct)]);
        expect(codes(await log.commit([other]))).toEqual(['message.blocked']);
      }),
    );

    it(
      'are fifty at most, also when they come at once; what is recalled makes room',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann'])]);
        const ids = (await log.commit(Array.from({ length: 60 }, () => aSend()))).map((each) => sent(each).messageId);
        const answers = await Promise.all(ids.map((id) => log.commit([pin(id, 'ann')])));
        const refused = codes(answers.flat()).filter((code) => code !== 'ok');
        expect(refused).toEqual(Array.from({ length: 10 }, () => 'message.pin_limit'));
        const pins = await new ListPins(reader).execute({ actorId: 'ann', conversationId: 'c1' });
        expect(pins).toHaveLength(50);
        const places = new Set(pins.map(({ seq }) => seq));
        const left = ids.filter((_, i) => !places.has(i + 2));
        const [first] = pins;
        await log.commit([recall(messageIdOf(first?.conversationNo ?? 0, first?.seq ?? 0))]);
        expect(codes(await log.commit([pin(left[0] ?? '', 'ann'), pin(left[1] ?? '', 'ann')]))).toEqual([
          'ok',
          'message.pin_limit',
        ]);
      }),
    );
  });

  describe(`jumps: ${name}`, () => {
    it(
      'finds the first message at or after a time, however long the log is',
      using(async ({ log, reader, advance, now }) => {
        await log.commit([created(['ann', 'bob'])]);
        const begin = now();
        for (let day = 0; day < 20; day += 1) {
          advance(86_400_000);
          await log.commit(Array.from({ length: 10 }, () => aSend({ text: `day ${day}` })));
        }
        const from = async (at: number, actorId = 'bob') =>
          (
            await new ListMessages(reader).execute({
              actorId,
              conversationId: 'c1',
              beforeSeq: 0,
              afterSeq: 0,
              oldestFirst: false,
              fromAt: at,
              limit: 3,
            })
          ).messages.map(({ seq }) => seq);
        const day = (n: number) => begin + n * 86_400_000;
        expect(await from(1)).toEqual([2, 3, 4]);
        expect(await from(day(1))).toEqual([2, 3, 4]);
        expect(await from(day(1) + 1)).toEqual([12, 13, 14]);
        expect(await from(day(7))).toEqual([62, 63, 64]);
        expect(await from(day(20))).toEqual([192, 193, 194]);
        expect(await from(day(20) + 1)).toEqual([]);
      }),
    );

    it(
      'answers named messages, oldest first, without those that the reader may not see',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'], { historyBeforeJoin: false })]);
        await log.commit([created(['eve'], { conversationId: 'c2' })]);
        const ids = (await log.commit([aSend(), aSend(), aSend()])).map((each) => sent(each).messageId);
        const [other] = (await log.commit([aSend({ conversationId: 'c2', senderId: 'eve' })])).map(sent);
        await log.commit([
          hide(ids[1] ?? '', 'bob'),
          aFact({ is: 'joined', members: [{ userId: 'late', role: 'member' }] }),
        ]);
        const [last] = (await log.commit([aSend()])).map(sent);
        const messageIds = [
          last?.messageId ?? '',
          ...ids,
          ids[0] ?? '',
          other?.messageId ?? '',
          'nonsense',
          messageIdOf(1, 1),
        ];
        const see = async (actorId: string) =>
          (await new GetMessages(reader).execute({ actorId, conversationId: 'c1', messageIds })).map(({ seq }) => seq);
        expect(await Promise.all(['ann', 'bob', 'late'].map(see))).toEqual([[2, 3, 4, 6], [2, 4, 6], [6]]);
        await expect(see('zoe')).rejects.toMatchObject({ code: 'conversation.not_found' });
      }),
    );
  });
}
