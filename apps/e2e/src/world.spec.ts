import { never } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { newId } from './support/device.js';
import { people } from './support/people.js';
import type { Conversation, Message, Page } from './support/shapes.js';
import { useServer } from './support/use-server.js';

describe('the world room', () => {
  const server = useServer('world');

  it('is there from the start, first in the list of rooms', async () => {
    const [alice] = await people(server.current, 'alice');
    const { items } = await alice!.api.get<Page<Conversation>>('/rooms');
    expect(items[0]).toMatchObject({ conversationId: 'world', kind: 'room' });
  });

  it('anybody joins, talks, and reads what was said before', async () => {
    const [alice, bob] = await people(server.current, 'alice', 'bob');
    await alice!.api.post<Conversation>('/conversations/world/join');
    const a = await alice!.connect();
    const early = await a.sendText('world', 'anybody here?');
    const joined = await bob!.api.post<Conversation>('/conversations/world/join');
    expect(joined).toMatchObject({ conversationId: 'world', kind: 'room', role: 'member' });
    const { items } = await bob!.api.get<Page<Message>>('/conversations/world/messages');
    expect(items.map((one) => one.messageId)).toContain(early.messageId);
    const b = await bob!.connect();
    await b.request('conversation:subscribe', { conversationId: 'world' });
    const late = await a.sendText('world', 'hello Bob');
    await b.hasSeq('world', late.seq);
    const answer = await b.sendText('world', 'hello Alice');
    await a.hasSeq('world', answer.seq);
  });

  it('who left hears and says nothing', async () => {
    const [alice, bob] = await people(server.current, 'alice', 'bob');
    for (const who of [alice, bob]) await who!.api.post('/conversations/world/join');
    const [a, b] = [await alice!.connect(), await bob!.connect()];
    await bob!.api.post('/conversations/world/leave');
    b.forget();
    await a.sendText('world', 'is Bob gone?');
    await never('push to one who left', () => b.log('world').length > 0);
    const text = { conversationId: 'world', clientMsgId: newId(), type: 'text', content: { text: 'boo' } };
    const refusal = await b.refusal('message:send', text);
    expect(['message.not_a_member', 'conversation.not_found']).toContain(refusal.code);
  });
});
