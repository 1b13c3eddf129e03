import { describe, expect, it } from 'vitest';
import { messageIdOf } from '../domain/message-id.js';
import { aFact, aSend, created } from './builders.js';
import { noRest, type OpenSearch, Searching } from './search-under-test.js';

/** Searching as a whole, on a store's log and index. */
export function messageSearchContract(name: string, open: OpenSearch): void {
  const using = (work: (searching: Searching) => Promise<void>) => async () => {
    const test = await open();
    try {
      await work(new Searching(test));
    } finally {
      await test.close();
    }
  };
  const says = async (searching: Searching, ...texts: string[]) => {
    for (const text of texts) {
      searching.test.advance(10);
      await searching.test.log.commit([aSend({ text })]);
    }
  };
  const no = async ({ test }: Searching, conversationId = 'c1') =>
    (await test.reader.conversation(conversationId))?.no as number;

  describe(`search (${name})`, () => {
    it(
      'finds words, beginnings and characters of scripts without spaces, newest first',
      using(async (searching) => {
        await searching.test.log.commit([created(['ann', 'bob'])]);
        await says(
          searching,
          'Hello World',
          'Parley 是聊天后端 v2',
          '東京タワーへ行く',
          '오늘 회의 있어요',
          'world peace',
          'สวัสดีครับ',
        );
        await searching.indexed();
        const found = async (text: string) => searching.places(text);
        expect(await found('world')).toEqual(['c1:6', 'c1:2']);
        expect(await found('wor')).toEqual(['c1:6', 'c1:2']);
        expect(await found('hello worl')).toEqual(['c1:2']);
        expect(await found('聊天')).toEqual(['c1:3']);
        expect(await found('后')).toEqual(['c1:3']);
        expect(await found('parley 后端 v2')).toEqual(['c1:3']);
        expect(await found('タワー')).toEqual(['c1:4']);
        expect(await found('회의')).toEqual(['c1:5']);
        expect(await found('สวัสดี')).toEqual(['c1:7']);
        expect(await found('"world hello"')).toEqual([]);
        expect(await found('聊端')).toEqual([]);
      }),
    );

    it(
      'shows what matched in the text as it was written',
      using(async (searching) => {
        await searching.test.log.commit([created(['ann', 'bob'])]);
        await says(searching, 'Im Café um 8');
        await searching.indexed();
        const { items } = await searching.query('cafe');
        expect(items[0]?.snippet).toEqual([
          { text: 'Im ', match: false },
          { text: 'Café', match: true },
          { text: ' um 8', match: false },
        ]);
      }),
    );

    it(
      'looks into captions, file names, titles and forwarded items, and narrows by sender, type and time',
      using(async (searching) => {
        const { test } = searching;
        await test.log.commit([created(['ann', 'bob'])]);
        const send = (type: string, content: object, senderId = 'ann') =>
          test.log.commit([aSend({ type, contentJson: JSON.stringify(content), senderId })]);
        await send('image', { fileId: 'f1', width: 1, height: 1, caption: 'plan of the house' });
        await send('file', { fileId: 'f2', name: 'plan_2024.pdf', size: 3 }, 'bob');
        test.advance(3_600_000);
        await send('location', { lat: 1, lon: 2, title: 'Plan B Bar' });
        await send('merged', {
          title: 'talk',
          items: [{ senderName: 'Eve', sentAt: '', type: 'text', text: 'a plan' }],
        });
        await send('custom', { kind: 'x', data: { text: 'plan' } });
        await searching.indexed();
        expect(await searching.places('plan')).toEqual(['c1:5', 'c1:4', 'c1:3', 'c1:2']);
        expect(await searching.places('plan', { type: 'file' })).toEqual(['c1:3']);
        expect(await searching.places('plan', { senderId: 'bob' })).toEqual(['c1:3']);
        expect(await searching.places('', { senderId: 'bob' })).toEqual(['c1:3']);
        expect(await searching.places('', { type: 'image' })).toEqual(['c1:2']);
        const middle = 1_700_000_000_000 + 1_800_000;
        expect(await searching.places('plan', { fromAt: middle })).toEqual(['c1:5', 'c1:4']);
        expect(await searching.places('plan', { toAt: middle })).toEqual(['c1:3', 'c1:2']);
        await expect(searching.query('', { type: 'text' })).rejects.toMatchObject({ code: 'request.invalid' });
        await expect(searching.query('x', { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'request.invalid' });
      }),
    );

    it(
      'follows edits, forgets what was recalled, and believes the log before the index is up to date',
      using(async (searching) => {
        const { test } = searching;
        await test.log.commit([created(['ann', 'bob'])]);
        await says(searching, 'first apple', 'second apple', 'third apple');
        await searching.indexed();
        const messageId = (seq: number) => no(searching).then((number) => messageIdOf(number, seq));
        const about = { conversationId: 'c1', actorId: 'ann' };
        await test.log.commit([
          { kind: 'edit', ...about, messageId: await messageId(2), contentJson: '{"text":"first pear"}' },
          { kind: 'recall', ...about, messageId: await messageId(3) },
          { kind: 'hide', ...about, actorId: 'bob', messageId: await messageId(4) },
        ]);
        // At once, whatever the index says.
        expect(await searching.places('apple')).toEqual([]);
        expect(await searching.places('apple', { actorId: 'ann' })).toEqual(['c1:4']);
        await searching.indexed();
        expect(await searching.places('pear')).toEqual(['c1:2']);
        expect(await searching.places('apple', { actorId: 'ann' })).toEqual(['c1:4']);
        const scope = { conversationNo: await no(searching), fromSeq: 1, toSeq: 100 };
        // Nothing of the old texts stays in the index itself.
        expect(await test.index.find(['apple'], [scope], 10)).toMatchObject([{ seqs: [4] }]);
        expect(await test.index.find(['second'], [scope], 10)).toMatchObject([{ seqs: [] }]);
      }),
    );

    it(
      'shows members what they may read now: not before the join where history is closed, nothing after they went',
      using(async (searching) => {
        const { test } = searching;
        await test.log.commit([created(['ann', 'bob'], { historyBeforeJoin: false })]);
        await test.log.commit([created(['ann', 'bob'], { conversationId: 'c2' })]);
        await says(searching, 'secret plan');
        await test.log.commit([aFact({ is: 'joined', members: [{ userId: 'eve', role: 'member' }] })]);
        await says(searching, 'open plan');
        await searching.indexed();
        expect(await searching.places('plan', { actorId: 'bob' })).toEqual(['c1:4', 'c1:2']);
        expect(await searching.places('plan', { actorId: 'eve' })).toEqual(['c1:4']);
        expect(await searching.places('plan', { actorId: 'eve', conversationId: 'c1' })).toEqual(['c1:4']);
        expect(await searching.places('plan', { actorId: 'zoe' })).toEqual([]);
        for (const conversationId of ['c2', 'c9'])
          await expect(searching.query('plan', { actorId: 'eve', conversationId })).rejects.toMatchObject({
            code: 'conversation.not_found',
          });
        await test.log.commit([aFact({ is: 'gone', userId: 'eve', removed: true })]);
        expect(await searching.places('plan', { actorId: 'eve' })).toEqual([]);
        await expect(searching.query('plan', { actorId: 'eve', conversationId: 'c1' })).rejects.toMatchObject({
          code: 'conversation.not_found',
        });
      }),
    );

    it(
      'pages through many conversations without a hole or a double, also where times are equal or go back',
      using(async (searching) => {
        const { test } = searching;
        const expected: { place: string; at: number; no: number; seq: number }[] = [];
        for (let c = 1; c <= 12; c += 1) await test.log.commit([created(['ann', 'bob'], { conversationId: `c${c}` })]);
        for (let i = 0; i < 90; i += 1) {
          if (i % 7 === 0) test.advance(i % 3 === 0 ? -40 : 100);
          const conversationId = `c${1 + ((i * 5) % 12)}`;
          const [sent] = await test.log.commit([
            aSend({ conversationId, text: i % 4 === 0 ? 'miss' : `hit number ${i}` }),
          ]);
          const { seq, sentAt } = sent as unknown as { seq: number; sentAt: number };
          if (i % 4 !== 0)
            expected.push({
              place: `${conversationId}:${seq}`,
              at: sentAt,
              no: await no(searching, conversationId),
              seq,
            });
        }
        await searching.indexed();
        const order = expected.sort((a, b) => b.at - a.at || b.no - a.no || b.seq - a.seq).map(({ place }) => place);
        for (const limit of [1, 7, 50]) expect(await searching.places('hit', { limit })).toEqual(order);
        expect(await searching.places('hit numb', { limit: 10, conversationId: 'c3' })).toEqual(
          order.filter((place) => place.startsWith('c3:')),
        );
      }),
    );

    it(
      'is made again from nothing, and where the log is of another history',
      using(async (searching) => {
        const { test } = searching;
        await test.log.commit([created(['ann', 'bob'])]);
        for (let i = 0; i < 5; i += 1)
          await test.log.commit(Array.from({ length: 100 }, (_, n) => aSend({ text: `word ${i * 100 + n}` })));
        await searching.indexed();
        await test.index.forget(await no(searching));
        expect(await searching.places('word 431')).toEqual([]);
        await searching.indexed();
        expect(await searching.places('word 431')).toHaveLength(1);
        // An index of a log that went on differently.
        await test.index.forget(await no(searching));
        const strange = { conversationNo: await no(searching), afterSeq: 0, progress: { seq: 300, at: 17 } };
        await test.index.apply([{ ...strange, entries: new Map([[7, ['strange']]]) }]);
        await searching.indexed();
        expect(await searching.places('"word 6"')).toHaveLength(1);
        const scope = { conversationNo: strange.conversationNo, fromSeq: 1, toSeq: 600 };
        expect(await test.index.find(['strange'], [scope], 10)).toMatchObject([{ seqs: [] }]);
      }),
    );

    it(
      'takes messages of many words in several steps',
      using(async (searching) => {
        await searching.test.log.commit([created(['ann', 'bob'])]);
        const long = (n: number) => Array.from({ length: 900 }, (_, i) => `w${n}x${i}`).join(' ');
        await searching.test.log.commit(
          Array.from({ length: 6 }, (_, n) => aSend({ text: long(n), fingerprint: n + 1 })),
        );
        await searching.indexed();
        for (let n = 0; n < 6; n += 1) expect(await searching.places(`w${n}x899`)).toEqual([`c1:${n + 2}`]);
      }),
    );

    it(
      'indexes each message once, however many do it at the same time',
      using(async (searching) => {
        const { test } = searching;
        await test.log.commit([created(['ann', 'bob']), created(['ann', 'bob'], { conversationId: 'c2' })]);
        for (const conversationId of ['c1', 'c2'])
          await test.log.commit(Array.from({ length: 300 }, (_, i) => aSend({ conversationId, text: `race ${i}` })));
        await Promise.all([
          searching.indexed(),
          searching.indexing.conversations(['c2', 'c1', 'nowhere'], noRest),
          searching.indexing.conversations(['c1', 'c2'], noRest),
          searching.indexed(),
        ]);
        await searching.indexed();
        expect(await searching.places('race', { limit: 100 })).toHaveLength(600);
        const progress = await test.index.progress([await no(searching), await no(searching, 'c2'), 4711]);
        expect([...progress.values()].map(({ seq }) => seq)).toEqual([301, 301]);
      }),
    );

    it(
      'takes whatever is typed for words',
      using(async (searching) => {
        await searching.test.log.commit([created(['ann', 'bob'])]);
        await says(searching, `100% "sure" it's near_by OR not* ; DROP TABLE -- ok`);
        await searching.indexed();
        const hostile = [
          '%',
          '_',
          '*',
          '"',
          "'",
          'a OR b',
          'NEAR(x y)',
          'x AND NOT y',
          'terms:x',
          '^x',
          '-x',
          '\\',
          '\u0000',
          "'; DROP TABLE events; --",
          '😀',
          'x'.repeat(10_000),
          '"'.repeat(999),
        ];
        for (const text of hostile) expect(await searching.places(text)).toEqual([]);
        expect(await searching.places('OR not*')).toEqual(['c1:2']);
        expect(await searching.places('drop table')).toEqual(['c1:2']);
        expect(await searching.places('NEAR by')).toEqual(['c1:2']);
      }),
    );
  });
}
