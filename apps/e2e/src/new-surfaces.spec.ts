import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@parley/testing';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { Api } from './support/api.js';
import { Device, newId } from './support/device.js';
import { type Person, person, people } from './support/people.js';
import type { Conversation, LogEvent, Message, Opened, Page, Problem, Sent, SyncPage } from './support/shapes.js';
import { uploadAs } from './support/uploads.js';
import { useServer } from './support/use-server.js';

interface Found {
  message: Message;
  conversationId: string;
}

const ABSENT = { conversationId: '0198f3a0-0000-7000-8000-000000000001', messageId: 'zzzzzz', fileId: '0198f3a0' };

/** Who may do what on what came with reactions, pins, search, thumbnails and invitations. */
describe('new surfaces: who may see and do what', () => {
  const server = useServer('new-surfaces');
  let owner: Person;
  let member: Person;
  let muted: Person;
  let former: Person;
  let stranger: Person;
  let late: Person;
  let group: string;
  let first: Sent;
  let picture: { fileId: string };
  let word: string;

  const path = (messageId = first.messageId, conversationId = group) =>
    `/conversations/${conversationId}/messages/${messageId}`;
  const search = async (who: Api, q: string) => (await who.get<Page<Found>>(`/search/messages?q=${q}`)).items;
  const found = (who: Api, q: string) => eventually(`a hit for ${q}`, async () => (await search(who, q))[0]);

  beforeAll(async () => {
    [owner, member, muted, former, stranger, late] = (await people(
      server.current,
      ...['owner', 'member', 'muted', 'former', 'stranger', 'late'],
    )) as [Person, Person, Person, Person, Person, Person];
    group = await owner.group('Secrets', member, muted, former);
    word = `word${newId().replaceAll('-', '')}`;
    const bytes = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    picture = await uploadAs(owner, bytes, 'image/png');
    const send = (type: string, content: object) =>
      owner.api.post<Sent>(`/conversations/${group}/messages`, { clientMsgId: newId(), type, content });
    await send('image', { fileId: picture.fileId, width: 300, height: 200 });
    first = await send('text', { text: `${word} of old` });
    await owner.api.put(`${path()}/pin`);
    await owner.api.patch(`/conversations/${group}/members/${muted.id}`, {
      mutedUntil: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await owner.api.delete(`/conversations/${group}/members/${former.id}`);
    await owner.api.post(`/conversations/${group}/members`, { userIds: [late.id] });
    await found(member.api, word);
  });

  /** Everything about one conversation, message and file that came lately, as [method, path, what it answers outsiders]. */
  const reads = (conversationId: string, messageId: string, fileId: string) =>
    [
      [`/conversations/${conversationId}/pins`, 'conversation.not_found'],
      [`/conversations/${conversationId}/messages?messageIds=${messageId}`, 'conversation.not_found'],
      [`/conversations/${conversationId}/messages?at=2020-01-01T00:00:00Z`, 'conversation.not_found'],
      [`/conversations/${conversationId}/members?q=o`, 'conversation.not_found'],
      [`/conversations/${conversationId}/members/${owner.id}`, 'conversation.not_found'],
      [`/search/messages?q=old&conversationId=${conversationId}`, 'conversation.not_found'],
      [`/files/${fileId}/thumbnail?size=64&as=json`, 'file.not_found'],
      [`/files/${fileId}/thumbnail?size=64`, 'file.not_found'],
    ] as const;
  const writes = (conversationId: string, messageId: string) =>
    [
      ['PUT', `${path(messageId, conversationId)}/reactions/%F0%9F%91%8D`, 'message.not_a_member'],
      ['DELETE', `${path(messageId, conversationId)}/reactions/%F0%9F%91%8D`, 'message.not_a_member'],
      ['PUT', `${path(messageId, conversationId)}/pin`, 'conversation.not_found'],
      ['DELETE', `${path(messageId, conversationId)}/pin`, 'conversation.not_found'],
    ] as const;
  const commands = (conversationId: string, messageId: string) =>
    [
      ['message:react', { conversationId, messageId, emoji: '👍' }, 'message.not_a_member'],
      ['message:pin', { conversationId, messageId, pinned: true }, 'conversation.not_found'],
      ['message:pin', { conversationId, messageId, pinned: false }, 'conversation.not_found'],
    ] as const;

  it('who is not in it learns nothing, not even whether it is there; over REST and the socket', async () => {
    const guest = await new Api(server.current.url).post<Opened>('/auth/guest', { displayName: 'Visitor' });
    const open = new Api(server.current.url, guest.accessToken);
    const sockets = [
      await former.connect(),
      await stranger.connect(),
      await Device.connect(server.current.url, guest.accessToken),
    ];
    const same = ({ status, code, detail }: Problem & { detail?: string }) => ({ status, code, detail });
    for (const api of [former.api, stranger.api, open]) {
      const absent = reads(ABSENT.conversationId, ABSENT.messageId, ABSENT.fileId);
      for (const [i, [url, code]] of reads(group, first.messageId, picture.fileId).entries()) {
        const refusal = await api.refusal('GET', url);
        expect(refusal.code, url).toBe(code);
        expect(same(await api.refusal('GET', absent[i]?.[0] ?? '')), url).toEqual(same(refusal));
      }
      const missing = writes(ABSENT.conversationId, ABSENT.messageId);
      for (const [i, [method, url, code]] of writes(group, first.messageId).entries()) {
        const refusal = await api.refusal(method, url);
        expect(refusal.code, url).toBe(code);
        expect(same(await api.refusal(method, missing[i]?.[1] ?? '')), url).toEqual(same(refusal));
      }
      expect(await search(api, word)).toEqual([]);
      expect(await search(api, `${word}&senderId=${owner.id}`)).toEqual([]);
    }
    for (const socket of sockets)
      for (const [event, input, code] of commands(group, first.messageId))
        expect((await socket.refusal(event, input)).code, event).toBe(code);
    for (const [url] of reads(group, first.messageId, picture.fileId))
      expect((await open.call('GET', url, { token: null })).status, url).toBe(401);
    for (const url of ['/users?ids=x', '/invitations/x', '/search/messages?q=x'])
      expect((await open.call('GET', url, { token: null })).status, url).toBe(401);
    sockets[2]?.close();
    const [untouched] = await member.api.get<Page<Message>>(`/conversations/${group}/pins`).then(({ items }) => items);
    expect(untouched?.reactions).toBeUndefined();
  });

  it('ids of one conversation open nothing in another', async () => {
    const own = await stranger.group('Mine', late);
    const { items } = await stranger.api.get<Page<Message>>(
      `/conversations/${own}/messages?messageIds=${first.messageId}`,
    );
    expect(items).toEqual([]);
    for (const [method, url] of writes(own, first.messageId))
      expect((await stranger.api.refusal(method, url)).code, url).toBe('message.not_found');
    const reply = { clientMsgId: newId(), type: 'text', content: { text: 'x' }, replyTo: first.messageId };
    expect((await stranger.api.refusal('POST', `/conversations/${own}/messages`, reply)).status).toBeLessThan(500);
  });

  it('who came later sees nothing from before: history, ids, pins, dates, search, thumbnails, marks', async () => {
    const get = <T>(url: string) => late.api.get<Page<T>>(url);
    expect((await get(`/conversations/${group}/pins`)).items).toEqual([]);
    expect((await get(`/conversations/${group}/messages?messageIds=${first.messageId}`)).items).toEqual([]);
    expect((await get(`/conversations/${group}/messages?at=2020-01-01T00:00:00Z`)).items).toEqual([]);
    expect(await search(late.api, word)).toEqual([]);
    expect((await late.api.refusal('GET', `/files/${picture.fileId}/thumbnail?as=json`)).code).toBe('file.not_found');
    for (const [method, url] of writes(group, first.messageId))
      expect((await late.api.refusal(method, url)).code, url).toBe('message.not_found');
    expect((await late.conversation(group)).lastMessage).toBeUndefined();
  });

  it('a live push says nothing of what an older message says now to who joined later', async () => {
    const [there, newcomer] = [await member.connect(), await late.connect()];
    const edited = { content: { text: `${word} of old, secretly edited` } };
    await owner.api.patch(path(), edited);
    await owner.api.put(`${path()}/reactions/%F0%9F%91%8D`);
    await owner.api.delete(`${path()}/pin`);
    const { headSeq } = await owner.conversation(group);
    await Promise.all([there, newcomer].map((device) => device.hasSeq(group, headSeq)));
    const seen = (device: Device) => device.log(group).filter(({ seq }) => seq > headSeq - 3);
    expect(seen(there)[0]).toMatchObject({ type: 'message.edited', data: edited });
    const hidden = { messageId: first.messageId, messageSeq: first.seq, hidden: true };
    expect(seen(newcomer).map(({ data }) => data)).toEqual([hidden, hidden, hidden]);
    const log = await late.api.get<Page<LogEvent>>(`/conversations/${group}/events?afterSeq=${headSeq - 3}`);
    expect(seen(newcomer)).toEqual(log.items);
    expect(JSON.stringify(newcomer.received)).not.toContain(word);
    await owner.api.put(`${path()}/pin`);
  });

  it('who is muted reads, and marks nothing', async () => {
    for (const [method, url] of [
      ['PUT', `${path()}/reactions/%F0%9F%91%8D`],
      ['PUT', `${path()}/pin`],
    ] as const)
      expect((await muted.api.refusal(method, url)).status, url).toBe(403);
    const phone = await muted.connect();
    expect(
      (await phone.refusal('message:react', { conversationId: group, messageId: first.messageId, emoji: '👍' })).code,
    ).toBe('message.muted');
    for (const [url] of reads(group, first.messageId, picture.fileId).slice(0, -1)) await muted.api.get(url);
    // A plain member is no moderator.
    expect((await member.api.refusal('PUT', `${path()}/pin`)).status).toBe(403);
  });

  it('who is blocked puts nothing on messages, on either side', async () => {
    const [ann, bob] = (await people(server.current, 'ann', 'bob')) as [Person, Person];
    const direct = await ann.directWith(bob);
    const phone = await ann.connect();
    const sent = await phone.sendText(direct, 'hello');
    await ann.api.put(`/blocks/${bob.id}`);
    const target = path(sent.messageId, direct);
    expect((await bob.api.refusal('PUT', `${target}/reactions/%F0%9F%91%8D`)).code).toBe('message.blocked');
    expect((await bob.api.refusal('PUT', `${target}/pin`)).code).toBe('message.blocked');
    await sleep(200);
    expect(phone.log(direct).map(({ type }) => type)).not.toContain('reaction.added');
    const code = await bob.api.get<{ items: unknown[] }>(`/users?ids=${ann.id}`);
    expect(JSON.stringify(code)).not.toMatch(/password|email|address|token/i);
  });

  it('who is removed while online gets no mark, push, search hit, thumbnail or member from then on', async () => {
    const victim = await person(server.current, 'victim');
    await owner.api.post(`/conversations/${group}/members`, { userIds: [victim.id] });
    const phone = await victim.connect();
    await phone.request('conversation:subscribe', { conversationId: group });
    const device = await owner.connect();
    const inside = await device.sendText(group, `${word} for insiders`);
    await found(victim.api, word);
    await owner.api.delete(`/conversations/${group}/members/${victim.id}`);
    const removedAt = (await owner.conversation(group)).headSeq;
    await device.request('message:react', { conversationId: group, messageId: inside.messageId, emoji: '👍' });
    await device.request('message:pin', { conversationId: group, messageId: inside.messageId, pinned: true });
    await device.request('message:edit', {
      ...{ conversationId: group, messageId: inside.messageId, content: { text: 'after the removal' } },
    });
    await device.hasSeq(group, removedAt + 3);
    await sleep(300);
    expect(phone.log(group).filter(({ seq }) => seq > removedAt)).toEqual([]);
    expect(await search(victim.api, word)).toEqual([]);
    for (const [url, code] of reads(group, inside.messageId, picture.fileId))
      expect((await victim.api.refusal('GET', url)).code, url).toBe(code);
    for (const [event, input, code] of commands(group, inside.messageId))
      expect((await phone.refusal(event, input)).code, event).toBe(code);
    expect((await phone.refusal('conversation:subscribe', { conversationId: group })).code).toBe(
      'conversation.not_found',
    );
  });

  it('what somebody hid comes back nowhere: ids, pins, dates, search, log, sync, list, replies', async () => {
    const phone = await member.connect();
    const note = `hid${newId().replaceAll('-', '')}`;
    const sent = await phone.sendText(group, note);
    const answer = await (await owner.connect()).sendText(group, 'an answer', { replyTo: sent.messageId });
    await found(member.api, note);
    await owner.api.put(`${path(sent.messageId)}/pin`);
    await member.api.delete(path(sent.messageId));
    // It lives on for the others, and so do changes of it.
    await owner.api.put(`${path(sent.messageId)}/reactions/%F0%9F%91%8D`);
    await owner.api.delete(path(answer.messageId));
    const pages = await Promise.all(
      [
        `/conversations/${group}/messages?messageIds=${sent.messageId}`,
        `/conversations/${group}/messages?at=2020-01-01T00:00:00Z`,
        `/conversations/${group}/messages?limit=50`,
        `/conversations/${group}/pins`,
        `/conversations/${group}/events?afterSeq=${sent.seq - 1}`,
        `/search/messages?q=${note}`,
        '/conversations',
      ].map((url) => member.api.get(url)),
    );
    const synced = await phone.request<SyncPage>('sync', {});
    expect(JSON.stringify([...pages, synced])).not.toContain(note);
    expect((await member.api.refusal('GET', path(sent.messageId))).code).toBe('message.not_found');
    for (const [method, url] of writes(group, sent.messageId).slice(0, 3))
      expect([403, 404], url).toContain((await member.api.refusal(method, url)).status);
    expect((await owner.api.get<Message>(path(sent.messageId))).content).toEqual({ text: note });
    const hiddenLast = await owner.conversation(group);
    expect(hiddenLast.lastMessage?.messageId).not.toBe(answer.messageId);
  });

  it('a recall takes text, search hits, pin, reactions and mentions away from everybody at once', async () => {
    const phone = await owner.connect();
    const note = `back${newId().replaceAll('-', '')}`;
    const sent = await phone.sendText(group, note, { mentions: ['all'] });
    await found(member.api, note);
    await owner.api.put(`${path(sent.messageId)}/pin`);
    await member.api.put(`${path(sent.messageId)}/reactions/%F0%9F%91%8D`);
    expect((await member.conversation(group)).mentionCount).toBe(1);
    await owner.api.post(`${path(sent.messageId)}/recall`);
    const [hits, pins, { items }, list] = await Promise.all([
      search(member.api, note),
      member.api.get<Page<Message>>(`/conversations/${group}/pins`),
      member.api.get<Page<Message>>(`/conversations/${group}/messages?messageIds=${sent.messageId}`),
      member.conversation(group) as Promise<Conversation>,
    ]);
    expect(hits).toEqual([]);
    expect(pins.items.map(({ messageId }) => messageId)).not.toContain(sent.messageId);
    expect(list.mentionCount).toBe(0);
    for (const field of ['content', 'reactions', 'pinnedAt', 'pinnedBy', 'mentions'])
      expect(items[0], field).not.toHaveProperty(field);
    const whole = await member.api.get(`/conversations/${group}/events?afterSeq=${sent.seq - 1}`);
    expect(JSON.stringify([whole, list, items])).not.toContain(note);
  });
});
