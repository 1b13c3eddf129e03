import { describe, expect, it } from 'vitest';
import { ConversationStates, GetConversations } from '../application/conversation-states.js';
import type { ConversationKind } from '../domain/log-rows.js';
import { messageJson } from '../domain/public-json.js';
import type { LogReader } from '../ports/log-reader.js';
import { aCursor, aFact, aSend, created } from './builders.js';
import { codes, sent, type OpenLog, usingLog } from './log-under-test.js';

/** Who is called by a message, whatever stores the log. */
export function mentionsContract(name: string, open: OpenLog): void {
  const using = usingLog(open);
  const counts = async (reader: LogReader, ...userIds: string[]) => {
    const states = new GetConversations(reader, new ConversationStates(reader));
    const found = userIds.map(async (actorId) => (await states.execute({ actorId, conversationIds: ['c1'] }))[0]);
    return (await Promise.all(found)).map((state) => state?.mentionCount);
  };

  describe(`mentions: ${name}`, () => {
    it(
      'of all count for everybody but the sender, once',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob', 'eve'])]);
        const [a] = (
          await log.commit([aSend({ mentions: ['all', 'bob'] }), aSend({ mentions: ['bob', 'ann', 'bob'] })])
        ).map(sent);
        expect(await counts(reader, 'ann', 'bob', 'eve')).toEqual([0, 2, 1]);
        await log.commit([aFact({ is: 'joined', members: [{ userId: 'late', role: 'member' }] })]);
        expect(await counts(reader, 'late')).toEqual([0]);
        await log.commit([aCursor({ userId: 'bob', readSeq: a?.seq ?? 0 })]);
        expect(await counts(reader, 'bob')).toEqual([1]);
      }),
    );

    it(
      'of all are for owners and admins of groups and rooms',
      using(async ({ log }) => {
        const calls = (senderId: string, conversationId: string) =>
          aSend({ senderId, conversationId, mentions: ['all'] });
        const kinds: ConversationKind[] = ['group', 'room', 'direct', 'self'];
        await log.commit(kinds.map((kind) => created(['ann', 'bob'], { kind, conversationId: kind })));
        expect(codes(await log.commit(kinds.map((kind) => calls('ann', kind))))).toEqual([
          'ok',
          'ok',
          'message.mention_all_denied',
          'message.mention_all_denied',
        ]);
        expect(codes(await log.commit([calls('bob', 'group')]))).toEqual(['message.mention_all_denied']);
        const promote = { is: 'changed' as const, userId: 'bob', role: 'admin' as const, dataJson: '{"userId":"bob"}' };
        await log.commit([aFact(promote, { conversationId: 'group' })]);
        expect(codes(await log.commit([calls('bob', 'group')]))).toEqual(['ok']);
      }),
    );

    it(
      'of who is no member do not count, also when they come later',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob', 'eve'])]);
        await log.commit([aFact({ is: 'gone', userId: 'eve', removed: false })]);
        await log.commit([aSend({ mentions: ['late', 'eve', 'bob'] })]);
        const members = ['late', 'eve'].map((userId) => ({ userId, role: 'member' as const }));
        await log.commit([aFact({ is: 'joined', members })]);
        expect(await counts(reader, 'bob', 'late', 'eve')).toEqual([1, 0, 0]);
      }),
    );

    it(
      'go with a recalled message',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob'])]);
        const [a, b] = (await log.commit([aSend({ mentions: ['bob'] }), aSend({ mentions: ['all'] })])).map(sent);
        expect(await counts(reader, 'bob')).toEqual([2]);
        const recall = { kind: 'recall' as const, conversationId: 'c1', actorId: 'ann' };
        await log.commit([{ ...recall, messageId: a?.messageId ?? '' }]);
        expect(await counts(reader, 'bob')).toEqual([1]);
        await log.commit([{ ...recall, messageId: b?.messageId ?? '' }]);
        expect(await counts(reader, 'bob')).toEqual([0]);
      }),
    );

    it(
      'change with an edit that names them, and stay with one that does not',
      using(async ({ log, reader }) => {
        await log.commit([created(['ann', 'bob', 'eve', 'joe'])]);
        const [a] = (await log.commit([aSend({ senderId: 'bob', mentions: ['eve'] })])).map(sent);
        const edit = {
          kind: 'edit' as const,
          conversationId: 'c1',
          messageId: a?.messageId ?? '',
          actorId: 'bob',
          contentJson: '{"text":"hello"}',
        };
        const look = () => counts(reader, 'ann', 'eve', 'joe');
        const json = async () => {
          const [row] = await reader.eventsAt((await reader.conversation('c1'))?.no ?? 0, [2]);
          return JSON.parse(messageJson(row as NonNullable<typeof row>, 'c1')) as { mentions?: string[] };
        };
        await log.commit([{ ...edit, contentJson: '{"text":"other"}' }]);
        expect(await look()).toEqual([0, 1, 0]);
        await log.commit([
          { ...edit, mentions: ['joe'] },
          { ...edit, mentions: ['ann', 'joe'] },
          { ...edit, mentions: ['ann', 'joe'] },
        ]);
        expect(await look()).toEqual([1, 0, 1]);
        expect(await json()).toMatchObject({ mentions: ['ann', 'joe'], changedSeq: 5 });
        expect(codes(await log.commit([{ ...edit, mentions: ['all'] }]))).toEqual(['message.mention_all_denied']);
        await log.commit([{ ...edit, mentions: [] }]);
        expect(await look()).toEqual([0, 0, 0]);
        expect(await json()).not.toHaveProperty('mentions');
      }),
    );
  });
}
