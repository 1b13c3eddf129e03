import { eventually, ParleyServices } from '@parley/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId } from './support/device.js';
import { ADMIN_PASSWORD, login, type Person, people } from './support/people.js';
import type { Message, Page, Sent } from './support/shapes.js';

interface Ticket {
  file: { fileId: string };
  upload: { method: string; url: string; headers: Record<string, string> };
}

/** The same protocol with every call between services on the wire. Facts do not cross processes yet, so nothing here waits for an event of a conversation. */
describe('eight processes', () => {
  let services: ParleyServices;
  let ann: Person;
  let bob: Person;
  let eve: Person;
  let failed = false;

  beforeAll(async () => {
    services = await ParleyServices.start({ name: 'processes', env: { PARLEY_ADMIN_PASSWORD: ADMIN_PASSWORD } });
    [ann, bob, eve] = (await people(services.gateway, 'ann', 'bob', 'eve')) as [Person, Person, Person];
  });

  afterEach(({ task }) => {
    failed ||= task.result?.state === 'fail';
  });

  afterAll(async () => {
    await services?.stop();
    if (!failed) services?.remove();
  });

  const send = (who: Person, conversationId: string, text: string, clientMsgId = newId()) =>
    who.api.post<Sent>(`/conversations/${conversationId}/messages`, { clientMsgId, type: 'text', content: { text } });

  it('let somebody in, found a group, and keep its messages in order', async () => {
    expect((await login(services.gateway, ann.username)).user.userId).toBe(ann.id);
    const conversationId = await ann.group('Across processes', bob);
    const clientMsgId = newId();
    const sent = [await send(ann, conversationId, 'grüße', clientMsgId), await send(bob, conversationId, 'hallo')];
    expect(sent[1]?.seq).toBe((sent[0]?.seq ?? 0) + 1);
    expect(await send(ann, conversationId, 'grüße', clientMsgId)).toMatchObject({ messageId: sent[0]?.messageId });
    const { items } = await bob.api.get<Page<Message>>(`/conversations/${conversationId}/messages`);
    const texts = items.filter(({ type }) => type === 'text').map(({ messageId }) => messageId);
    expect(texts.toSorted()).toEqual(sent.map(({ messageId }) => messageId).toSorted());
    expect(await ann.conversation(conversationId)).toMatchObject({ memberCount: 2, unreadCount: 1 });
  });

  it('answer a refusal with its own code and status, whichever process it comes from', async () => {
    const conversationId = await ann.group('Without Eve', bob);
    const path = `/conversations/${conversationId}/messages`;
    const message = { clientMsgId: newId(), type: 'text', content: { text: 'let me in' } };
    expect(await eve.api.refusal('POST', path, message)).toMatchObject({
      code: 'message.not_a_member',
      status: 403,
      retryable: false,
    });
    const wrong = { username: ann.username, password: 'not the password of ann' };
    expect(await eve.api.refusal('POST', '/auth/login', wrong)).toMatchObject({ code: 'auth.invalid_credentials' });
  });

  it('take an acked message over a kill of the process that keeps it', async () => {
    const conversationId = await ann.group('Kept', bob);
    const sent = await send(ann, conversationId, 'still here');
    const keeper = services.process('message');
    await keeper.kill();
    const path = `/conversations/${conversationId}/messages`;
    const refused = await fetch(`${services.gateway.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${bob.token}` },
    });
    expect([refused.status, await refused.json()]).toMatchObject([
      503,
      { code: 'server.unavailable', retryable: true },
    ]);
    await keeper.start();
    const { items } = await eventually('the answer after the restart', () => bob.api.get<Page<Message>>(path));
    expect(items.map(({ messageId }) => messageId)).toContain(sent.messageId);
    // Each process has a connection of its own to the one that was killed: the gateway's is back, conversation's may still be pausing.
    await eventually('conversation reaches it again', () => ann.directWith(bob));
  });

  it('take a file at the door of the process that keeps files, and hand it out again', async () => {
    const bytes = Buffer.from('grüße, as a file');
    const { file, upload } = await ann.api.post<Ticket>('/files', {
      name: 'notes.txt',
      size: bytes.length,
      contentType: 'text/plain',
    });
    const { method, headers } = upload;
    expect((await fetch(upload.url, { method, headers, body: bytes })).status).toBe(200);
    expect(await ann.api.post(`/files/${file.fileId}/complete`)).toMatchObject({ state: 'ready' });
    const { url } = await ann.api.get<{ url: string }>(`/files/${file.fileId}/download?as=json`);
    expect(await (await fetch(url)).text()).toBe(bytes.toString());
  });

  it('ring a device: a push that one service asks another for', async () => {
    const conversationId = await ann.directWith(bob);
    const device = await bob.connect();
    const call = await ann.connect();
    await call.request('call:invite', { conversationId, media: ['audio'] });
    expect(await device.next('call:incoming')).toMatchObject({ call: { conversationId, callerId: ann.id } });
  });

  it('close the sockets of a session that is logged out', async () => {
    const device = await eve.connect();
    await eve.api.post('/auth/logout', {});
    const closing = await device.next<{ code: string }>('session:closing', () => true, 1000);
    expect(closing.code).toBe('auth.session_revoked');
  });
});
