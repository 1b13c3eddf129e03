import { createClient, memoryStorage, type ParleyClient, type Storage } from '@parley/client';
import { eventually } from '@parley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/people.js';
import { useServer } from '../support/use-server.js';

describe('two people with the SDK', () => {
  const server = useServer('client-chat');
  const clients: ParleyClient[] = [];
  const client = (storage: Storage = memoryStorage()) => {
    const made = createClient({ url: server.current.url, storage });
    clients.push(made);
    return made;
  };
  const someone = async (name: string) => {
    const storage = memoryStorage();
    const made = client(storage);
    const user = await made.session.register({
      username: `${name}_${Math.random().toString(36).slice(2, 10)}`,
      password: PASSWORD,
      displayName: name,
    });
    return { client: made, user, storage };
  };
  const texts = (who: ParleyClient, conversationId: string) =>
    who
      .messages(conversationId)
      .value.items.flatMap((item) => (item.kind === 'message' ? [item.message.content?.['text']] : []));
  afterEach(async () => {
    for (const one of clients.splice(0)) await one.close();
  });

  it('chat both ways, count unread, and see what was read', async () => {
    const [ada, bob] = [await someone('Ada'), await someone('Bob')];
    const { conversationId } = await ada.client.conversations.openDirect(bob.user.userId);
    const window = ada.client.messages(conversationId);
    await window.open();
    const sent = window.send({ type: 'text', content: { text: 'hello' } });
    expect(sent.state).toBe('queued');
    await eventually('committed', () =>
      window.value.items.some((item) => item.kind === 'message' && item.message.state === 'committed'),
    );
    const [item] = window.value.items.filter((one) => one.kind === 'message');
    expect(item?.kind === 'message' && item.message.key, 'the key stays').toBe(sent.key);
    const atBob = await eventually('Bob has it', () => bob.client.conversations.get(conversationId).value);
    expect(atBob.displayTitle).toBe('Ada');
    await eventually('unread', () => bob.client.conversations.get(conversationId).value?.unreadCount === 1);
    await bob.client.messages(conversationId).open();
    expect(texts(bob.client, conversationId)).toEqual(['hello']);
    bob.client.conversations.markRead(conversationId);
    await eventually('read', () => bob.client.conversations.unread.value.messages === 0);
    const seq = window.value.items.flatMap((one) => (one.kind === 'message' ? [one.message.seq ?? 0] : []))[0] ?? 0;
    await eventually('Ada sees that Bob has read it', () =>
      ada.client.conversations.get(conversationId).value?.cursors?.some((one) => one.readSeq >= seq),
    );
    bob.client.messages(conversationId).send({ type: 'text', content: { text: 'hi' } });
    await eventually('answered', () => texts(ada.client, conversationId).length === 2);
    expect(texts(ada.client, conversationId)).toEqual(['hello', 'hi']);
    await eventually('both the same', () => texts(bob.client, conversationId).length === 2);
  });
});
