import { describe, expect, it } from 'vitest';
import { ConversationStates, GetConversations } from '../application/conversation-states.js';
import { aCursor, aFact, aSend, created } from './builders.js';
import { codes, sent, type OpenLog, usingLog } from './log-under-test.js';

/** What every conversation log does with sends, facts and cursors, whatever stores it. */
export function conversationLogContract(name: string, open: OpenLog): void {
  const using = usingLog(open);

  describe(`ConversationLog: ${name}`, () => {
    it(
      'gives parallel sends the seqs 1…N without a gap',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'])]);
        const outcomes = await Promise.all(
          Array.from({ length: 200 }, (_, i) => log.commit([aSend({ senderId: i % 2 === 0 ? 'ann' : 'bob' })])),
        );
        expect(outcomes.map(([o]) => sent(o).seq).sort((a, b) => a - b)).toEqual(
          Array.from({ length: 200 }, (_, i) => i + 2),
        );
        const conversation = await reader.conversation('c1');
        const events = await reader.events(conversation?.no ?? 0, 0, 1000);
        expect(events.map((e) => e.seq)).toEqual(Array.from({ length: 201 }, (_, i) => i + 1));
        expect(conversation).toMatchObject({ headSeq: 201, messageCount: 200 });
      }),
    );

    it(
      'answers a repeat with the first answer, also when both come at once',
      using(async ({ log, reader, advance }) => {
        await log.commit([created(['ann', 'bob'])]);
        const send = aSend();
        const [first, second] = await Promise.all([log.commit([send, send]), log.commit([send])]);
        advance(60_000);
        const later = await log.commit([send]);
        const answers = [...first, ...second, ...later].map(sent);
        expect(new Set(answers.map((a) => `${a.messageId}/${a.seq}/${a.sentAt}`)).size).toBe(1);
        expect(answers.filter((a) => !a.repeated)).toHaveLength(1);
        expect((await reader.conversation('c1'))?.messageCount).toBe(1);
      }),
    );

    it(
      'refuses the same key with another payload and keeps the keys of devices apart',
      using(async ({ log }) => {
        await log.commit([created(['ann', 'bob'])]);
        const send = aSend({ clientMsgId: 'k' });
        expect(codes(await log.commit([send, aSend({ clientMsgId: 'k', text: 'other' })]))).toEqual([
          'ok',
          'message.idempotency_conflict',
        ]);
        expect(codes(await log.commit([aSend({ clientMsgId: 'k', deviceId: 'd2', text: 'other' })]))).toEqual(['ok']);
      }),
    );

    it(
      'answers a repeat even after the sender was removed',
      using(async ({ log }) => {
        await log.commit([created(['ann', 'bob'])]);
        const send = aSend({ senderId: 'bob' });
        const [first] = await log.commit([send]);
        await log.commit([aFact({ is: 'gone', userId: 'bob', removed: true })]);
        const [again, fresh] = await log.commit([send, aSend({ senderId: 'bob' })]);
        expect(sent(again).seq).toBe(sent(first).seq);
        expect(codes([fresh])).toEqual(['message.not_a_member']);
      }),
    );

    it(
      'refuses strangers, muted, blocked and disbanded sends in place, and commits their neighbours',
      using(async ({ log, advance }) => {
        await log.commit([created(['ann', 'bob', 'eve', 'joe'])]);
        await log.commit([
          aFact({ is: 'changed', userId: 'eve', mutedUntil: 50_000_000_000_000, dataJson: '{"userId":"eve"}' }),
          aFact({ is: 'restricted', userId: 'joe', blocked: true }),
        ]);
        const outcomes = await log.commit([
          aSend({ senderId: 'zoe' }),
          aSend({ senderId: 'eve' }),
          aSend({ senderId: 'joe' }),
          aSend({ conversationId: 'nowhere' }),
          aSend({ senderId: 'bob' }),
        ]);
        expect(codes(outcomes)).toEqual([
          'message.not_a_member',
          'message.muted',
          'message.blocked',
          'message.not_a_member',
          'ok',
        ]);
        await log.commit([
          aFact({ is: 'changed', userId: 'eve', mutedUntil: 0, dataJson: '{"userId":"eve"}' }),
          aFact({ is: 'restricted', userId: 'joe', blocked: false }),
        ]);
        advance(1);
        expect(codes(await log.commit([aSend({ senderId: 'eve' }), aSend({ senderId: 'joe' })]))).toEqual(['ok', 'ok']);
        await log.commit([aFact({ is: 'disbanded' })]);
        expect(codes(await log.commit([aSend()]))).toEqual(['message.disbanded']);
      }),
    );

    it(
      'takes sends of owner and admins only where a fact says so, and reactions of everybody still',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob', 'eve'])]);
        const policy = (sendPolicy: 'members' | 'admins') =>
          aFact({ is: 'event', type: 'conversation.changed', dataJson: `{"sendPolicy":"${sendPolicy}"}`, sendPolicy });
        const [before] = await log.commit([aSend({ senderId: 'bob', clientMsgId: 'before' })]);
        await log.commit([
          policy('admins'),
          aFact({ is: 'changed', userId: 'eve', role: 'admin', dataJson: '{"userId":"eve","role":"admin"}' }),
        ]);
        const edit = { kind: 'edit' as const, conversationId: 'c1', messageId: sent(before).messageId, actorId: 'bob' };
        const outcomes = await log.commit([
          aSend({ senderId: 'bob' }),
          { ...edit, contentJson: '{"text":"new"}' },
          aSend({ senderId: 'bob', clientMsgId: 'before' }),
          aSend({ senderId: 'ann' }),
          aSend({ senderId: 'eve' }),
        ]);
        expect(codes(outcomes)).toEqual(['message.admins_only', 'message.admins_only', 'ok', 'ok', 'ok']);
        expect(await reader.conversation('c1')).toMatchObject({ adminsOnly: true });
        const react = {
          kind: 'react' as const,
          conversationId: 'c1',
          messageId: sent(before).messageId,
          actorId: 'bob',
        };
        expect(codes(await log.commit([{ ...react, emoji: '👍', remove: false }]))).toEqual(['ok']);
        // Another change of the conversation leaves it as it is.
        await log.commit([aFact({ is: 'event', type: 'conversation.changed', dataJson: '{"title":"t"}' })]);
        expect(codes(await log.commit([aSend({ senderId: 'bob' })]))).toEqual(['message.admins_only']);
        expect(codes(await log.commit([policy('members'), aSend({ senderId: 'bob' })]))).toEqual(['ok', 'ok']);
      }),
    );

    it(
      'keeps a mute over leaving, and says so when the member is back',
      using(async ({ log, reader, advance, now }) => {
        await log.commit([created(['ann', 'bob'])]);
        const until = new Date(now() + 3_600_000).toISOString();
        const muted = { is: 'changed' as const, userId: 'bob', mutedUntil: Date.parse(until), dataJson: '{}' };
        const gone = () => aFact({ is: 'gone', userId: 'bob', removed: false });
        const back = () => aFact({ is: 'joined', members: [{ userId: 'bob', role: 'member' }] });
        await log.commit([aFact(muted), gone(), back()]);
        expect(codes(await log.commit([aSend({ senderId: 'bob' })]))).toEqual(['message.muted']);
        advance(7_200_000);
        await log.commit([gone(), back()]);
        const no = (await reader.conversation('c1'))?.no as number;
        const joins = (await reader.events(no, 1, 10)).filter(({ type }) => type === 'member.joined');
        expect(joins.map(({ data }) => JSON.parse(data) as object)).toEqual([
          { members: [{ userId: 'bob', role: 'member', mutedUntil: until }] },
          { members: [{ userId: 'bob', role: 'member' }] },
        ]);
      }),
    );

    it(
      'enters a fact once, however often it is told',
      using(async ({ log, reader }) => {
        const make = created(['ann', 'bob']);
        const [a, b] = await Promise.all([log.commit([make]), log.commit([make])]);
        expect(a).toEqual(b);
        expect(await reader.conversation('c1')).toMatchObject({ headSeq: 1, memberCount: 2 });
        const gone = aFact({ is: 'gone', userId: 'bob', removed: false });
        await log.commit([gone, gone]);
        expect(await reader.conversation('c1')).toMatchObject({ headSeq: 2, memberCount: 1 });
        expect(
          codes(
            await log.commit([
              aFact({ is: 'event', type: 'conversation.changed', dataJson: '{}' }, { conversationId: 'nowhere' }),
            ]),
          ),
        ).toEqual(['conversation.not_found']);
      }),
    );

    it(
      'counts as unread the others’ messages after my read cursor, never my own',
      using(async ({ log, reader }) => {
        const states = new GetConversations(reader, new ConversationStates(reader));
        const unread = async (actorId: string) =>
          (await states.execute({ actorId, conversationIds: ['c1'] }))[0]?.unreadCount;
        await log.commit([created(['ann', 'bob'])]);
        const outcomes = await log.commit([
          aSend(),
          aSend({ senderId: 'bob' }),
          aSend(),
          aFact({ is: 'event', type: 'conversation.changed', dataJson: '{}' }),
          aSend(),
        ]);
        expect(await unread('bob')).toBe(3);
        expect(await unread('ann')).toBe(1);
        await log.commit([aCursor({ readSeq: sent(outcomes[0]).seq })]);
        expect(await unread('bob')).toBe(2);
        await log.commit([aSend({ senderId: 'bob' })]);
        expect(await unread('bob')).toBe(2);
        await log.commit([aCursor({ readSeq: 999 })]);
        expect(await unread('bob')).toBe(0);
        await log.commit([aFact({ is: 'joined', members: [{ userId: 'late', role: 'member' }] })]);
        expect(await unread('late')).toBe(0);
        await log.commit([aSend({ mentions: ['late'] })]);
        const [state] = await states.execute({ actorId: 'late', conversationIds: ['c1'] });
        expect(state).toMatchObject({ unreadCount: 1, mentionCount: 1 });
      }),
    );

    it(
      'moves cursors forward only, and not beyond the head',
      using(async ({ log }) => {
        await log.commit([created(['ann', 'bob']), aSend(), aSend()]);
        const [up, down, far] = await log.commit([
          aCursor({ readSeq: 3 }),
          aCursor({ readSeq: 2, deliveredSeq: 1 }),
          aCursor({ deliveredSeq: 77 }),
        ]);
        expect(up).toMatchObject({ readSeq: 3, deliveredSeq: 3, moved: true });
        expect(down).toMatchObject({ readSeq: 3, deliveredSeq: 3, moved: false });
        expect(far).toMatchObject({ deliveredSeq: 3, moved: false });
        expect(codes(await log.commit([aCursor({ userId: 'zoe', readSeq: 1 })]))).toEqual(['conversation.not_found']);
      }),
    );
  });
}
