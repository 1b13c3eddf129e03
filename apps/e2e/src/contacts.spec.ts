import { describe, expect, it } from 'vitest';
import { newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { Page } from './support/shapes.js';
import { useServer } from './support/use-server.js';

interface Request {
  requestId: string;
  fromUserId: string;
  toUserId: string;
  state: string;
}

interface Changed {
  change: string;
  userId: string;
}

describe('contacts and blocks', () => {
  const server = useServer('contacts');
  const two = async () => (await people(server.current, 'alice', 'bob')) as [Person, Person];
  const contactsOf = async (who: Person) =>
    (await who.api.get<Page<{ userId: string }>>('/contacts')).items.map((contact) => contact.userId);
  const ask = (from: Person, to: Person) =>
    from.api.post<Request>('/contacts/requests', { userId: to.id, greeting: 'It is me' });

  it('a request is seen by both, and accepted makes both contacts', async () => {
    const [alice, bob] = await two();
    const [a, b] = [await alice.connect(), await bob.connect()];
    const request = await ask(alice, bob);
    expect(request).toMatchObject({ fromUserId: alice.id, toUserId: bob.id, state: 'pending' });
    await b.next<Changed>('contact:changed', (one) => one.change === 'request-received' && one.userId === alice.id);
    const [received, sent] = [
      await bob.api.get<Page<Request>>('/contacts/requests?direction=in'),
      await alice.api.get<Page<Request>>('/contacts/requests?direction=out'),
    ];
    for (const list of [received, sent]) expect(list.items[0]).toMatchObject({ requestId: request.requestId });
    expect(await bob.api.post<Request>(`/contacts/requests/${request.requestId}/accept`)).toMatchObject({
      state: 'accepted',
    });
    await a.next<Changed>('contact:changed', (one) => one.userId === bob.id && one.change !== 'request-received');
    expect(await contactsOf(alice)).toEqual([bob.id]);
    expect(await contactsOf(bob)).toEqual([alice.id]);
  });

  it('requests of both sides meet and need no answer', async () => {
    const [alice, bob] = await two();
    await ask(alice, bob);
    expect(await ask(bob, alice)).toMatchObject({ state: 'accepted' });
    expect(await contactsOf(alice)).toEqual([bob.id]);
  });

  it('a declined request makes no contact and cannot be answered again, least of all by its sender', async () => {
    const [alice, bob] = await two();
    const request = await ask(alice, bob);
    const path = `/contacts/requests/${request.requestId}`;
    expect((await alice.api.refusal('POST', `${path}/accept`)).code).toBe('contact.request_not_found');
    expect(await bob.api.post<Request>(`${path}/decline`)).toMatchObject({ state: 'declined' });
    expect((await bob.api.refusal('POST', `${path}/accept`)).code).toBe('contact.request_over');
    expect(await contactsOf(bob)).toEqual([]);
  });

  it('remark and tags are mine alone; removal ends it on both sides', async () => {
    const [alice, bob] = await two();
    await ask(alice, bob);
    await ask(bob, alice);
    await alice.api.patch(`/contacts/${bob.id}`, { remark: 'from school', tags: ['friends'] });
    const list = await alice.api.get<Page<object>>('/contacts');
    expect(list.items[0]).toMatchObject({ remark: 'from school', tags: ['friends'] });
    expect(JSON.stringify(await bob.api.get('/contacts'))).not.toContain('from school');
    await alice.api.delete(`/contacts/${bob.id}`);
    expect([await contactsOf(alice), await contactsOf(bob)]).toEqual([[], []]);
  });

  it('a block refuses direct messages at once, in one direction, until it is lifted', async () => {
    const [alice, bob] = await two();
    const conversationId = await alice.directWith(bob);
    const [a, b] = [await alice.connect(), await bob.connect()];
    await b.sendText(conversationId, 'hello');
    await alice.api.put(`/blocks/${bob.id}`);
    const text = { conversationId, clientMsgId: newId(), type: 'text', content: { text: 'why?' } };
    expect(await b.refusal('message:send', text)).toMatchObject({ code: 'message.blocked', retryable: false });
    const { conversationId: _, ...body } = text;
    expect(await bob.api.refusal('POST', `/conversations/${conversationId}/messages`, body)).toMatchObject({
      status: 403,
      code: 'message.blocked',
    });
    expect(JSON.stringify(a.log(conversationId))).not.toContain('why?');
    expect((await alice.api.get<Page<{ userId: string }>>('/blocks')).items).toMatchObject([{ userId: bob.id }]);
    await alice.api.delete(`/blocks/${bob.id}`);
    await b.request('message:send', text);
  });

  it('who is blocked before there is a conversation cannot open one to write into, nor ask for contact', async () => {
    const [alice, bob] = await two();
    await alice.api.put(`/blocks/${bob.id}`);
    const b = await bob.connect();
    const opened = await bob.api.call<{ conversationId: string }>('PUT', `/conversations/direct/${alice.id}`);
    if (opened.status < 300) {
      const { conversationId } = opened.body;
      const text = { conversationId, clientMsgId: newId(), type: 'text', content: { text: 'psst' } };
      expect((await b.refusal('message:send', text)).code).toBe('message.blocked');
    }
    await bob.api.call('POST', '/contacts/requests', { body: { userId: alice.id } });
    expect((await alice.api.get<Page<Request>>('/contacts/requests?direction=in')).items).toEqual([]);
  });

  it('nobody adds, asks or blocks themselves or nobody', async () => {
    const [alice] = await two();
    expect((await alice.api.refusal('POST', '/contacts/requests', { userId: alice.id })).code).toBe('contact.self');
    expect((await alice.api.refusal('POST', '/contacts/requests', { userId: 'nobody' })).code).toBe('user.not_found');
    expect((await alice.api.refusal('PUT', `/blocks/${alice.id}`)).code).toBe('contact.self');
  });
});
