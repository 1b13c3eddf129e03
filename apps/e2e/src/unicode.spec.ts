import { beforeAll, describe, expect, it } from 'vitest';
import { type Device, newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { Message, Page, Sent, SyncPage } from './support/shapes.js';
import { useServer } from './support/use-server.js';

const TEXTS: Record<string, string> = {
  latin: 'Żółć gęślą jaźń — “quotes”',
  greek: 'Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία',
  cyrillic: 'Съешь ещё этих мягких французских булок',
  arabic: 'نص حكيم له سر قاطع وذو شأن عظيم',
  hebrew: 'דג סקרן שט בים מאוכזב ולפתע מצא חברה',
  devanagari: 'ऋषियों को सताने वाले दुष्ट राक्षसों',
  han: '我能吞下玻璃而不伤身体。視野無限廣',
  japanese: 'いろはにほへと ちりぬるを カタカナ',
  korean: '키스의 고유조건은 입술끼리',
  thai: 'เป็นมนุษย์สุดประเสริฐเลิศคุณค่า',
  'mixed direction': 'abc \u202bאבג def\u202c 123 \u200fשלום\u200e',
  'emoji with joiners': '👩‍👩‍👧‍👦 👨🏿‍🚀 🏳️‍🌈 ❤️‍🔥 🇺🇳',
  'combining marks': 'e\u0301 vs \u00e9, Z\u0351\u036b\u0343a\u030al\u0334g\u0337o\u0338',
  'decomposed hangul': '\u1112\u1161\u11ab\u1100\u1173\u11af',
  astral: '𝒳𝓎𝓏 𐍈 𠜎𠜱 𓀀 𝄞',
  'zero width': 'a\u200bb\u200cc\u200dd\ufeffe\u2060f',
  'line ends': 'one\ntwo\r\nthree\u2028four\u2029five\ttab',
  'controls and quotes': '\u0001\u001f\u007f "\'\\/<script>&amp;</script> ${x} %s %00',
  'non-characters': '\ufffd \ufffe \uffff \u{1fffe}',
  'a null character': 'before\u0000after',
  'only spaces': ' \u00a0\u3000 ',
};

describe('text in any script', () => {
  const server = useServer('unicode');
  let alice: Person;
  let bob: Person;
  let phone: { alice: Device; bob: Device };
  let conversationId: string;

  beforeAll(async () => {
    [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    conversationId = await alice.directWith(bob);
    phone = { alice: await alice.connect(), bob: await bob.connect() };
  });

  it.each(Object.entries(TEXTS))('%s comes back as the same bytes everywhere', async (_name, text) => {
    const bytes = Buffer.from(text);
    const same = (seen: unknown) => expect(Buffer.from(seen as string).equals(bytes)).toBe(true);
    const textOf = (content: unknown) => (content as { text: string }).text;
    const { seq } = await phone.alice.sendText(conversationId, text);
    for (const device of [phone.alice, phone.bob]) {
      const event = await device.hasSeq(conversationId, seq);
      same(textOf(event.data['content']));
    }
    const history = await bob.api.get<Page<Message>>(
      `/conversations/${conversationId}/messages?beforeSeq=${seq + 1}&limit=1`,
    );
    same(history.items[0]?.content?.['text']);
    const { epoch } = await bob.conversation(conversationId);
    const page = await phone.bob.request<SyncPage>('sync', { heads: [{ conversationId, seq: seq - 1, epoch }] });
    const event = page.events.flatMap((push) => push.events).find((one) => one.seq === seq);
    same(textOf(event?.data['content']));
    const list = await alice.conversation(conversationId);
    same(list.lastMessage?.content?.['text']);
  });

  it('custom data, titles and names keep theirs', async () => {
    const data = Object.fromEntries(Object.entries(TEXTS).map(([name, text]) => [`${name} 键`, [text]]));
    const content = { kind: 'unicode', data };
    const sent = await phone.alice.request<Sent>('message:send', {
      conversationId,
      clientMsgId: newId(),
      type: 'custom',
      content,
    });
    expect((await phone.bob.hasSeq(conversationId, sent.seq)).data['content']).toEqual(content);
    for (const title of [TEXTS['arabic'], TEXTS['emoji with joiners'], TEXTS['han']] as string[]) {
      const group = await alice.group(title, bob);
      expect((await bob.conversation(group)).title).toBe(title);
      await alice.api.patch('/users/me', { displayName: title.slice(0, 20).trim() });
    }
  });

  it('an edit keeps the bytes as well', async () => {
    const { messageId } = await phone.alice.sendText(conversationId, 'plain');
    const text = TEXTS['combining marks'] as string;
    await phone.alice.request('message:edit', { conversationId, messageId, content: { text } });
    const message = await bob.api.get<Message>(`/conversations/${conversationId}/messages/${messageId}`);
    expect(message.content?.['text']).toBe(text);
  });
});
