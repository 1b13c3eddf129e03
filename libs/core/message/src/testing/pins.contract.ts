import { describe, expect, it } from 'vitest';
import { GetMessages, ListMessages, ListPins } from '../application/list-messages.js';
import { messageIdOf } from '../domain/message-id.js';
import { aFact, aSend, created } from './builders.js';
import { codes, sent, type OpenLog, usingLog } from './log-under-test.js';
import { asSeen, eventsOf, hide, pin, recall } from './marks-builder.js';

/** Pins, and messages by date and by name: what every conversation log does with them, whatever stores it. */
export function pinsContract(name: string, open: OpenLog): void {
  const using = usingLog(open);

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
