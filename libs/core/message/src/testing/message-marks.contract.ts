import { describe, expect, it } from 'vitest';
import { ListPins } from '../application/list-messages.js';
import { messageIdOf } from '../domain/message-id.js';
import { aFact, aSend, created } from './builders.js';
import { codes, sent, type OpenLog, usingLog } from './log-under-test.js';
import { asSeen, eventsOf, hide, pin, react, recall } from './marks-builder.js';

const EMOJI = Array.from({ length: 21 }, (_, i) => String.fromCodePoint(0x1f600 + i));
const users = (count: number) => Array.from({ length: count }, (_, i) => `u${String(i).padStart(3, '0')}`);

/** Reactions: what every conversation log does with them, whatever stores it. */
export function messageMarksContract(name: string, open: OpenLog): void {
  const using = usingLog(open);
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
      'is what a client makes of the events, one by one',
      using(async ({ log, reader }) => {
        const crowd = users(70);
        await log.commit([created(['ann', ...crowd])]);
        const [a] = (await log.commit([aSend()])).map(sent);
        const id = a?.messageId ?? '';
        // Some order that has additions, removals and repeats in it, the same on each run.
        let state = 1;
        const next = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
        const changes = Array.from({ length: 400 }, () =>
          react(id, crowd[next(70)] as string, EMOJI[next(3)] as string, next(3) === 0),
        );
        for (let i = 0; i < changes.length; i += 40) await log.commit(changes.slice(i, i + 40));
        const made: { emoji: string; count: number; userIds: string[]; mine: boolean }[] = [];
        let changedSeq = 2;
        for (const { seq, type, data } of await eventsOf(reader, 'ann', 2)) {
          const { emoji, userId, count } = data as { emoji: string; userId: string; count: number };
          let one = made.find((each) => each.emoji === emoji);
          if (one === undefined) made.push((one = { emoji, count, userIds: [], mine: false }));
          one.count = count;
          if (type === 'reaction.removed') one.userIds = one.userIds.filter((each) => each !== userId);
          else if (one.userIds.length < 50) one.userIds.push(userId);
          if (count === 0) made.splice(made.indexOf(one), 1);
          changedSeq = seq;
        }
        expect(made).toHaveLength(3);
        expect(await asSeen(reader, 'ann', id)).toMatchObject({ changedSeq, reactions: made });
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
}
