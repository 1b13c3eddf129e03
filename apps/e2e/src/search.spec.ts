import { eventually } from '@parley/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Device, newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { Message, Page, Sent } from './support/shapes.js';
import { useServer } from './support/use-server.js';

interface Found {
  conversationId: string;
  message: Message;
  snippet: { text: string; match: boolean }[];
}

describe('search', () => {
  const server = useServer('search');
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let phone: Device;

  beforeAll(async () => {
    [alice, bob, carol] = (await people(server.current, 'alice', 'bob', 'carol')) as [Person, Person, Person];
    phone = await alice.connect();
  });

  const path = (query: Record<string, string>) => `/search/messages?${new URLSearchParams(query).toString()}`;
  const search = (who: Person, q: string, more: Record<string, string> = {}) =>
    who.api.get<Page<Found>>(path({ q, ...more }));
  const texts = (page: Page<Found>) => page.items.map(({ message }) => message.content?.['text']);
  /** Searches until it finds that many: the index follows within two seconds. */
  const finds = (who: Person, q: string, count: number, more: Record<string, string> = {}) =>
    eventually(
      `${count} of ${q}`,
      async () => {
        const page = await search(who, q, more);
        return page.items.length === count ? page : undefined;
      },
      { deadlineMs: 5000 },
    );
  const send = (who: Person, conversationId: string, type: string, content: object) =>
    who.api.post<Sent>(`/conversations/${conversationId}/messages`, { clientMsgId: newId(), type, content });

  it('finds what was just said, in Chinese, Japanese, Korean, Thai and words, for both sides', async () => {
    const conversationId = await alice.directWith(bob);
    const sent = await phone.sendText(conversationId, 'Parley 是聊天后端 v2');
    const at = Date.now();
    const page = await finds(bob, '聊天后端', 1);
    expect(Date.now() - at).toBeLessThan(2500);
    expect(page.items[0]).toMatchObject({
      conversationId,
      message: { messageId: sent.messageId, senderId: alice.id, content: { text: 'Parley 是聊天后端 v2' } },
      snippet: [
        { text: 'Parley 是', match: false },
        { text: '聊天后端', match: true },
        { text: ' v2', match: false },
      ],
    });
    for (const text of [
      '東京タワーへ行きます',
      '오늘 회의 있어요',
      'สวัสดีครับ',
      'Grüße aus der Straße',
      'the quick brown fox 🦊',
    ])
      await phone.sendText(conversationId, text);
    await finds(bob, 'タワー', 1);
    await finds(bob, '회의', 1);
    await finds(bob, 'สวัสดี', 1);
    for (const spelling of ['GRUSSE strasse', 'Grüße', 'aus STRASSE', 'straß']) await finds(bob, spelling, 1);
    await finds(bob, 'parley v2', 1);
    await finds(bob, 'fox quick', 1);
    await finds(bob, 'bro', 1);
    await finds(bob, '"quick brown"', 1);
    expect((await search(bob, '"brown quick"')).items).toEqual([]);
    expect((await search(bob, 'rown')).items).toEqual([]);
    expect((await search(carol, '聊天')).items).toEqual([]);
  });

  it('narrows by conversation, sender, type and time; a type or a sender is enough without words', async () => {
    const one = await alice.group('One', bob);
    const two = await alice.group('Two', bob);
    await send(alice, one, 'text', { text: 'budget draft' });
    await send(bob, one, 'text', { text: 'budget final' });
    const place = await send(bob, two, 'location', { lat: 1, lon: 2, title: 'Budget Hotel' });
    await finds(alice, 'budget', 3);
    expect(texts(await search(alice, 'budget', { senderId: bob.id, conversationId: one }))).toEqual(['budget final']);
    expect((await search(alice, 'budget', { type: 'location' })).items[0]?.message.messageId).toBe(place.messageId);
    const all = await alice.api.get<Page<Found>>(path({ type: 'location', conversationId: two }));
    expect(all.items.map(({ message }) => message.messageId)).toEqual([place.messageId]);
    const from = place.sentAt;
    expect((await search(alice, 'budget', { from })).items).toHaveLength(1);
    expect((await search(alice, 'budget', { to: new Date(Date.parse(from) - 1).toISOString() })).items).toHaveLength(2);
    expect(await alice.api.refusal('GET', '/search/messages')).toMatchObject({ status: 400, code: 'request.invalid' });
  });

  it('an edit changes what is found; a recall and a deletion for me take it away at once', async () => {
    const conversationId = await alice.directWith(bob);
    const edited = await phone.sendText(conversationId, 'meet at the aquarium');
    const recalled = await phone.sendText(conversationId, 'the aquarium is closed');
    const hidden = await phone.sendText(conversationId, 'aquarium tickets');
    await finds(bob, 'aquarium', 3);
    const content = { text: 'meet at the planetarium' };
    await phone.request('message:edit', { conversationId, messageId: edited.messageId, content });
    await phone.request('message:recall', { conversationId, messageId: recalled.messageId });
    await bob.api.delete(`/conversations/${conversationId}/messages/${hidden.messageId}`);
    expect((await search(bob, 'aquarium')).items).toEqual([]);
    expect(texts(await search(alice, 'aquarium'))).toEqual(['aquarium tickets']);
    expect(texts(await finds(bob, 'planetarium', 1))).toEqual(['meet at the planetarium']);
  });

  it('who joins later finds what they may read, who goes finds nothing; absent and forbidden answer alike', async () => {
    const open = await alice.group('Lighthouse');
    await phone.sendText(open, 'lighthouse before');
    await finds(alice, 'lighthouse', 1);
    const forbidden = await bob.api.refusal('GET', path({ q: 'lighthouse', conversationId: open }));
    const absent = await bob.api.refusal('GET', path({ q: 'lighthouse', conversationId: 'doesnotexist' }));
    expect(forbidden).toMatchObject({ status: 404, code: 'conversation.not_found' });
    expect({ ...forbidden, traceId: '' }).toEqual({ ...absent, traceId: '' });
    expect((await search(bob, 'lighthouse')).items).toEqual([]);
    await alice.api.post(`/conversations/${open}/members`, { userIds: [bob.id] });
    await phone.sendText(open, 'lighthouse after');
    await finds(alice, 'lighthouse', 2);
    const history = await bob.api.get<Page<Message>>(`/conversations/${open}/messages?limit=100`);
    const readable = history.items.flatMap(({ content }) => (content?.['text'] === undefined ? [] : [content['text']]));
    expect(texts(await search(bob, 'lighthouse'))).toEqual(readable);
    await alice.api.delete(`/conversations/${open}/members/${bob.id}`);
    expect((await search(bob, 'lighthouse')).items).toEqual([]);
    const gone = await bob.api.refusal('GET', path({ q: 'lighthouse', conversationId: open }));
    expect(gone).toMatchObject({ status: 404, code: 'conversation.not_found' });
  });

  it('pages newest first, without a hole or a double', async () => {
    const groups = [await alice.group('P1', bob), await alice.group('P2', bob), await alice.group('P3', bob)];
    const sent: Sent[] = [];
    for (let n = 0; n < 30; n++) sent.push(await phone.sendText(groups[n % 3] as string, `pelican ${n}`));
    await finds(bob, 'pelican', 30, { limit: '100' });
    const found: Found[] = [];
    for (let cursor = ''; ; ) {
      const page = await search(bob, 'pelican', { limit: '7', ...(cursor === '' ? {} : { cursor }) });
      found.push(...page.items);
      if (page.nextCursor === undefined) break;
      cursor = page.nextCursor;
    }
    expect(new Set(found.map(({ message }) => message.messageId))).toEqual(new Set(sent.map((one) => one.messageId)));
    expect(found).toHaveLength(30);
    const times = found.map(({ message }) => (message as Message & { sentAt: string }).sentAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('takes hostile input for words, or refuses it in the documented form', async () => {
    const conversationId = await alice.directWith(bob);
    await phone.sendText(conversationId, 'harmless text for hostile queries');
    await finds(bob, 'harmless', 1);
    const hostile = [
      '%',
      '_',
      '*',
      '"',
      "'",
      '""""',
      'a OR b',
      'NEAR("x" "y", 2)',
      'x AND NOT y',
      'terms:harmless AND',
      '^x',
      '\\',
      '\u0000',
      "'; DROP TABLE events; --",
      '😀',
      '（）',
      '\u202e',
      '"'.repeat(900),
      '漢'.repeat(1000),
    ];
    for (const q of hostile) expect((await search(bob, q)).items, q).toEqual([]);
    const long = await bob.api.refusal('GET', path({ q: 'x'.repeat(10_000) }));
    expect(long).toMatchObject({ status: 413, code: 'limit.size' });
    for (const query of [
      'q=a&q=b',
      'q=x&cursor=nonsense',
      'q=x&limit=0',
      'q=x&limit=1000',
      'q=x&from=yesterday',
      'q=x&type=system',
      'q=x&conversationId=%2e%2e%2f',
      'q=x&other=1',
    ])
      expect(await bob.api.refusal('GET', `/search/messages?${query}`), query).toMatchObject({
        status: 400,
        code: 'request.invalid',
      });
    const anonymous = await bob.api.call('GET', path({ q: 'harmless' }), { token: null });
    expect(anonymous.status).toBe(401);
    await finds(bob, 'harmless', 1);
  });
});
