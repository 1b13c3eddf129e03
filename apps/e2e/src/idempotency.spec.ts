import { beforeAll, describe, expect, it } from 'vitest';
import { Device, newId } from './support/device.js';
import { login, type Person, people } from './support/people.js';
import type { Message, Page, Sent } from './support/shapes.js';
import { useServer } from './support/use-server.js';

describe('repeated sends', () => {
  const server = useServer('idempotency');
  let alice: Person;
  let bob: Person;
  let conversationId: string;

  beforeAll(async () => {
    [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    conversationId = await alice.directWith(bob);
  });

  const send = (text: string) => ({ conversationId, clientMsgId: newId(), type: 'text', content: { text } });
  const copies = async (clientMsgId: string) =>
    (await bob.api.get<Page<Message>>(`/conversations/${conversationId}/messages?limit=100`)).items.filter(
      (message) => message.clientMsgId === clientMsgId,
    ).length;

  it('the same clientMsgId gets the first answer: at once, after a reconnect and over REST', async () => {
    const message = send('once');
    const phone = await alice.connect();
    const first = await phone.request<Sent>('message:send', message);
    expect(await phone.request<Sent>('message:send', message)).toEqual(first);
    phone.close();
    expect(await (await alice.connect()).request<Sent>('message:send', message)).toEqual(first);
    const { conversationId: _, ...body } = message;
    expect(await alice.api.post<Sent>(`/conversations/${conversationId}/messages`, body)).toEqual(first);
    expect(await copies(message.clientMsgId)).toBe(1);
  });

  it('fifty repeats at once make one message', async () => {
    const message = send('many at once');
    const phone = await alice.connect();
    const answers = await Promise.all(Array.from({ length: 50 }, () => phone.request<Sent>('message:send', message)));
    expect(new Set(answers.map((sent) => `${sent.messageId} ${sent.seq}`)).size).toBe(1);
    expect(await copies(message.clientMsgId)).toBe(1);
  });

  it('the first answer outlives a kill of the server', async () => {
    const messages = Array.from({ length: 20 }, (_, n) => send(`durable ${n}`));
    const phone = await alice.connect();
    const first = await Promise.all(messages.map((message) => phone.request<Sent>('message:send', message)));
    await server.current.kill();
    await server.current.start();
    const again = await alice.connect();
    const second = await Promise.all(messages.map((message) => again.request<Sent>('message:send', message)));
    expect(second).toEqual(first);
    for (const message of messages) expect(await copies(message.clientMsgId)).toBe(1);
  });

  it('another payload under the same id is a conflict, and changes nothing', async () => {
    const message = send('the first');
    const phone = await alice.connect();
    const first = await phone.request<Sent>('message:send', message);
    const other = { ...message, content: { text: 'the second' } };
    expect(await phone.refusal('message:send', other)).toMatchObject({
      code: 'message.idempotency_conflict',
      retryable: false,
    });
    const elsewhere = { ...message, conversationId: await alice.group('Elsewhere', bob) };
    expect((await phone.refusal('message:send', elsewhere)).code).toBe('message.idempotency_conflict');
    expect(await phone.request<Sent>('message:send', message)).toEqual(first);
  });

  it('another device of mine may use the same id for a message of its own', async () => {
    const message = send('from the phone');
    const phone = await alice.connect();
    const first = await phone.request<Sent>('message:send', message);
    const tablet = (await alice.anotherDevice('tablet')).device;
    const second = await tablet.request<Sent>('message:send', { ...message, content: { text: 'from the tablet' } });
    expect(second.seq).toBe(first.seq + 1);
  });

  it('the same device after a new login is still the same device', async () => {
    const phone = (await alice.anotherDevice('phone')).device;
    const message = send('before the login');
    const first = await phone.request<Sent>('message:send', message);
    const opened = await login(server.current, alice.username, 'phone');
    const again = await Device.connect(server.current.url, opened.accessToken, { deviceId: 'phone' });
    expect(await again.request<Sent>('message:send', message)).toEqual(first);
    again.close();
  });
});
