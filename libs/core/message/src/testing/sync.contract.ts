import { describe, expect, it } from 'vitest';
import { ConversationStates } from '../application/conversation-states.js';
import { SyncDevice, type SyncPage } from '../application/sync-device.js';
import { messageIdOf } from '../domain/message-id.js';
import { aFact, aSend, created } from './builders.js';
import type { LogUnderTest } from './log-under-test.js';

/** A device that comes back gets exactly what it missed (G6), whatever stores the log. */
export function syncContract(name: string, open: () => Promise<LogUnderTest>): void {
  const walk = async (
    test: LogUnderTest,
    start: { cursor?: string; heads?: { conversationId: string; seq: number; epoch: string; at?: number }[] },
    limit = 3,
  ) => {
    const sync = new SyncDevice(test.reader, new ConversationStates(test.reader), () => test.now());
    const heads = (start.heads ?? []).map((head) => ({ at: 0, ...head }));
    const pages: SyncPage[] = [];
    for (let cursor = start.cursor ?? ''; ; ) {
      const page = await sync.execute({ actorId: 'bob', cursor, heads, limit });
      pages.push(page);
      cursor = page.nextCursor;
      if (page.caughtUp || pages.length > 100) break;
    }
    const events = pages.flatMap((page) =>
      page.events.flatMap(({ conversationId, events: list }) => list.map(({ row }) => `${conversationId}:${row.seq}`)),
    );
    return {
      events,
      pages,
      cursor: pages.at(-1)?.nextCursor ?? '',
      resets: pages.flatMap((p) => p.resets),
      removed: pages.flatMap((p) => p.removed),
      hidden: pages.flatMap((p) => p.hidden.map((h) => `${h.conversationId}:${h.messageSeq}`)),
      shown: pages.flatMap((p) => p.conversations.map((s) => s.conversation.conversationId)),
    };
  };
  const range = (id: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `${id}:${from + i}`);
  const using = (work: (t: LogUnderTest) => Promise<void>) => async () => {
    const test = await open();
    try {
      for (const conversationId of ['c1', 'c2', 'c3'])
        await test.log.commit([
          created(['ann', 'bob'], { conversationId }),
          ...Array.from({ length: 4 }, () => aSend({ conversationId })),
        ]);
      await work(test);
    } finally {
      await test.close();
    }
  };

  describe(`sync: ${name}`, () => {
    it(
      'gives a device that names its heads exactly the rest, in pages of any size',
      using(async (test) => {
        const heads = [
          { conversationId: 'c1', seq: 2, epoch: 'e1' },
          { conversationId: 'c2', seq: 5, epoch: 'e1' },
          { conversationId: 'c3', seq: 4, epoch: 'e1' },
        ];
        for (const limit of [1, 2, 3, 4, 5, 1000]) {
          const { events, shown } = await walk(test, { heads }, limit);
          expect(events).toEqual([...range('c1', 3, 5), 'c3:5']);
          expect(shown).toEqual(['c1', 'c2', 'c3']);
        }
      }),
    );

    it(
      'gives a device that comes back with its cursor exactly what came since',
      using(async (test) => {
        const first = await walk(test, {});
        expect(first.events).toEqual([...range('c1', 1, 5), ...range('c2', 1, 5), ...range('c3', 1, 5)]);
        await test.log.commit([
          aSend({ conversationId: 'c2' }),
          aSend({ conversationId: 'c2' }),
          created(['ann', 'bob'], { conversationId: 'c4' }),
        ]);
        const second = await walk(test, { cursor: first.cursor });
        expect(second.events).toEqual(['c2:6', 'c2:7', 'c4:1']);
        expect((await walk(test, { cursor: second.cursor })).events).toEqual([]);
      }),
    );

    it(
      'says reset when the device holds another epoch or more than there is',
      using(async (test) => {
        const heads = [
          { conversationId: 'c1', seq: 2, epoch: 'old' },
          { conversationId: 'c2', seq: 99, epoch: 'e1' },
          { conversationId: 'c3', seq: 5, epoch: 'e1' },
        ];
        const { events, resets } = await walk(test, { heads });
        expect(events).toEqual([]);
        expect(resets).toEqual(['c1', 'c2']);
      }),
    );

    it(
      'says reset when the log was put back to a backup and has grown past what the device has',
      using(async (test) => {
        const atOf = async (conversationId: string, seq: number) => {
          const conversation = await test.reader.conversation(conversationId);
          const [row] = await test.reader.events(conversation?.no as number, seq - 1, 1);
          return row?.at as number;
        };
        const heads = [
          // The device's third event was another one, of a history that is gone.
          { conversationId: 'c1', seq: 3, epoch: 'e1', at: (await atOf('c1', 3)) - 60_000 },
          { conversationId: 'c2', seq: 3, epoch: 'e1', at: await atOf('c2', 3) },
          { conversationId: 'c3', seq: 3, epoch: 'e1' },
        ];
        const { events, resets } = await walk(test, { heads });
        expect(resets).toEqual(['c1']);
        expect(events).toEqual([...range('c2', 4, 5), ...range('c3', 4, 5)]);
      }),
    );

    it(
      'tells once what the user left, and always what the device should not have',
      using(async (test) => {
        const { cursor } = await walk(test, {});
        await test.log.commit([aFact({ is: 'gone', userId: 'bob', removed: false }, { conversationId: 'c1' })]);
        const after = await walk(test, { cursor });
        expect(after.removed).toEqual(['c1']);
        expect((await walk(test, { cursor: after.cursor })).removed).toEqual([]);
        const heads = ['c1', 'unknown', 'c2'].map((conversationId) => ({ conversationId, seq: 5, epoch: 'e1' }));
        expect((await walk(test, { heads })).removed).toEqual(['c1', 'unknown']);
      }),
    );

    it(
      'says reset for everything when the cursor is ahead of the log',
      using(async (test) => {
        expect(await walk(test, { cursor: '100000.-1.0.0' })).toMatchObject({ events: [], resets: ['c1', 'c2', 'c3'] });
      }),
    );

    it(
      'says reset for everything when the cursor is of another store, also of one that is as long',
      using(async (test) => {
        const other = await open();
        try {
          await other.log.commit([created(['ann', 'bob']), ...Array.from({ length: 4 }, () => aSend())]);
          const { cursor } = await walk(other, {});
          expect(await walk(test, { cursor })).toMatchObject({ events: [], resets: ['c1', 'c2', 'c3'] });
        } finally {
          await other.close();
        }
      }),
    );

    it(
      'takes a cursor that no server made for none',
      using(async (test) => {
        for (const cursor of ['nonsense', 'a.b.c.d', "'.-1.0.0", '1.2.3'])
          expect((await walk(test, { cursor }, 1000)).events).toHaveLength(15);
      }),
    );

    it(
      'tells which conversations the user is no longer in, and shows nothing of them',
      using(async (test) => {
        const { cursor } = await walk(test, {});
        await test.log.commit([
          aFact({ is: 'gone', userId: 'bob', removed: true }, { conversationId: 'c2' }),
          aSend({ conversationId: 'c2' }),
        ]);
        expect(await walk(test, { cursor })).toMatchObject({ events: [], removed: ['c2'], shown: ['c1', 'c3'] });
      }),
    );

    it(
      'tells a device what the user hid since, by its heads and by its cursor',
      using(async (test) => {
        const hide = async (conversationId: string, seq: number) => {
          const { no = 0 } = (await test.reader.conversation(conversationId)) ?? {};
          const change = { kind: 'hide' as const, conversationId, messageId: messageIdOf(no, seq), actorId: 'bob' };
          await test.log.commit([change]);
        };
        const headsAt = (seq: number) =>
          ['c1', 'c2', 'c3'].map((conversationId) => ({ conversationId, seq, epoch: 'e1' }));
        await hide('c1', 2);
        const { cursor } = await walk(test, {});
        // What was hidden long ago is known; what was hidden a moment ago may have been missed.
        test.advance(7_200_000);
        await test.log.commit([aSend({ conversationId: 'c1' })]);
        expect((await walk(test, { heads: headsAt(6) })).hidden).toEqual([]);
        await hide('c1', 3);
        await hide('c2', 2);
        await hide('c2', 2);
        await test.log.commit([aSend({ conversationId: 'c1' }), aSend({ conversationId: 'c1' })]);
        for (const heads of [headsAt(5), headsAt(8)])
          expect(
            (await walk(test, { heads: heads.filter(({ conversationId }) => conversationId !== 'c2') })).hidden,
          ).toContain('c1:3');
        test.advance(7_200_000);
        for (const limit of [1, 2, 1000])
          expect((await walk(test, { heads: headsAt(5) }, limit)).hidden).toEqual(['c1:2', 'c1:3', 'c2:2']);
        expect((await walk(test, { heads: [{ conversationId: 'c1', seq: 6, epoch: 'e1' }] })).hidden).toEqual(['c1:3']);
        expect((await walk(test, { cursor })).hidden).toEqual(['c1:2', 'c1:3', 'c2:2']);
        const later = await walk(test, { heads: [{ conversationId: 'c1', seq: 8, epoch: 'e1' }] });
        expect(later.hidden).toEqual([]);
        // Who has nothing gets everything in its present state.
        expect((await walk(test, {})).hidden).toEqual([]);
      }),
    );

    it(
      'says reset where the user hid more than can be told',
      using(async (test) => {
        const sends = Array.from({ length: 1001 }, () => aSend({ conversationId: 'c2' }));
        for (let i = 0; i < sends.length; i += 400) await test.log.commit(sends.slice(i, i + 400));
        const { no = 0 } = (await test.reader.conversation('c2')) ?? {};
        const hide = (conversationId: string, messageId: string) => ({
          kind: 'hide' as const,
          conversationId,
          messageId,
          actorId: 'bob',
        });
        const all = sends.map((_, i) => hide('c2', messageIdOf(no, i + 6)));
        for (let i = 0; i < all.length; i += 400) await test.log.commit(all.slice(i, i + 400));
        const other = (await test.reader.conversation('c3'))?.no ?? 0;
        await test.log.commit([hide('c3', messageIdOf(other, 3))]);
        const heads = ['c1', 'c2', 'c3'].map((conversationId) => ({ conversationId, seq: 5, epoch: 'e1' }));
        const { hidden, resets, events } = await walk(test, { heads }, 1000);
        expect({ hidden, resets }).toEqual({ hidden: ['c3:3'], resets: ['c2'] });
        expect(events.filter((event) => event.startsWith('c3'))).toEqual([]);
      }),
    );
  });
}
