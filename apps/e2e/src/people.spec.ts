import { eventually } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { Api } from './support/api.js';
import { Device, newId } from './support/device.js';
import { PASSWORD, type Person, people } from './support/people.js';
import type { Conversation, LogEvent, Opened, Page, User } from './support/shapes.js';
import { useServer } from './support/use-server.js';

interface Member {
  userId: string;
  nickname: string;
}

describe('people and groups', () => {
  const server = useServer('people');
  const three = async () => (await people(server.current, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
  const openGroup = async (owner: Person, ...members: Person[]) => {
    const id = await owner.group('Crew', ...members);
    await owner.api.patch(`/conversations/${id}`, { joinPolicy: 'open' });
    return id;
  };
  const invitation = async (by: Person, id: string) =>
    (await by.api.post<{ code: string }>(`/conversations/${id}/invitations`)).code;

  it('answers the names of many users at once', async () => {
    const [alice, bob, carol] = await three();
    const { items } = await alice.api.get<Page<User>>(`/users?ids=${[bob.id, carol.id, 'nobody'].join(',')}`);
    expect(new Map(items.map((user) => [user.userId, user.displayName]))).toEqual(
      new Map([
        [bob.id, 'Bob'],
        [carol.id, 'Carol'],
      ]),
    );
    expect(JSON.stringify(items)).not.toContain('roles');
    expect((await alice.api.refusal('GET', '/users')).code).toBe('request.invalid');
    expect((await alice.api.refusal('GET', `/users?q=b&ids=${bob.id}`)).code).toBe('request.invalid');
  });

  it('finds members by nickname, name and username, and answers one of them', async () => {
    const [alice, bob, carol] = await three();
    const id = await alice.group('Crew', bob, carol);
    const find = async (q: string) =>
      (await alice.api.get<Page<Member>>(`/conversations/${id}/members?q=${encodeURIComponent(q)}`)).items.map(
        ({ userId }) => userId,
      );
    await alice.api.patch(`/conversations/${id}/members/${carol.id}`, { nickname: 'Boss' });
    expect(await find('BO')).toEqual([carol.id, bob.id]);
    expect(await find(bob.username)).toEqual([bob.id]);
    expect(await find('zzz')).toEqual([]);
    expect(await alice.api.get(`/conversations/${id}/members/${carol.id}`)).toMatchObject({
      userId: carol.id,
      nickname: 'Boss',
      user: { displayName: 'Carol' },
    });
    const [dan] = (await people(server.current, 'Dan')) as [Person];
    expect((await alice.api.refusal('GET', `/conversations/${id}/members/${dan.id}`)).code).toBe(
      'conversation.member_not_found',
    );
    for (const path of [`members/${bob.id}`, 'members?q=b'])
      expect((await dan.api.refusal('GET', `/conversations/${id}/${path}`)).code).toBe('conversation.not_found');
  });

  it('shows what an invitation leads to before it is accepted', async () => {
    const [alice, bob, carol] = await three();
    const id = await alice.group('Crew', bob);
    const code = await invitation(alice, id);
    expect(await carol.api.get(`/invitations/${code}`)).toMatchObject({
      conversationId: id,
      kind: 'group',
      title: 'Crew',
      memberCount: 2,
      inviter: { userId: alice.id, displayName: 'Alice' },
      alreadyMember: false,
    });
    expect(await bob.api.get(`/invitations/${code}`)).toMatchObject({ alreadyMember: true });
    expect((await carol.api.refusal('GET', '/invitations/guessed')).code).toBe('invitation.not_found');
    await alice.api.delete(`/conversations/${id}`);
    expect((await carol.api.refusal('GET', `/invitations/${code}`)).code).toBe('conversation.disbanded');
  });

  it('keeps a removed member out until somebody who may lets them in', async () => {
    const [alice, bob, carol] = await three();
    const id = await openGroup(alice, bob, carol);
    const before = await invitation(alice, id);
    await alice.api.delete(`/conversations/${id}/members/${bob.id}`);
    for (const path of [`/conversations/${id}/join`, `/invitations/${before}/accept`])
      expect((await bob.api.refusal('POST', path)).code).toBe('conversation.removed_member');
    expect(await carol.api.post(`/conversations/${id}/members`, { userIds: [bob.id] })).toMatchObject({
      refusedUserIds: [bob.id],
    });
    await bob.api.post(`/invitations/${await invitation(alice, id)}/accept`);
    await bob.api.post(`/conversations/${id}/leave`);
    await bob.api.post(`/conversations/${id}/join`);
    await alice.api.delete(`/conversations/${id}/members/${bob.id}`);
    expect(await alice.api.post(`/conversations/${id}/members`, { userIds: [bob.id] })).toMatchObject({
      refusedUserIds: [],
    });
    expect((await bob.conversation(id)).memberCount).toBe(3);
  });

  it('keeps my devices equal: settings and profile', async () => {
    const [alice, bob] = await three();
    const id = await alice.directWith(bob);
    const [phone, other, stranger] = [await alice.connect(), await alice.anotherDevice('tablet'), await bob.connect()];
    await alice.api.put(`/conversations/${id}/me`, { muted: true });
    await alice.api.put(`/conversations/${id}/me`, { pinned: true });
    for (const device of [phone, other.device])
      expect(
        await device.next<{ settings: { pinned: boolean } }>('conversation:settings', (one) => one.settings.pinned),
      ).toEqual({ conversationId: id, settings: { muted: true, pinned: true, archived: false } });
    await stranger.request('presence:subscribe', { userIds: [alice.id] });
    await alice.api.patch('/users/me', { displayName: 'Alicia' });
    for (const device of [phone, other.device, stranger]) {
      const { user } = await device.next<{ user: User }>('user:changed');
      expect(user).toMatchObject({ userId: alice.id, displayName: 'Alicia', username: alice.username });
      expect(user).not.toHaveProperty('roles');
    }
    expect(stranger.received.filter(({ event }) => event === 'conversation:settings')).toEqual([]);
  });

  it('shows members of a common group to each other, online and by name, and nobody whom one blocks', async () => {
    const [alice, bob, carol] = await three();
    await alice.group('Crew', bob);
    const [phone, watcher, stranger] = [await alice.connect(), await bob.connect(), await carol.connect()];
    const shown = await watcher.request<Page<object>>('presence:subscribe', { userIds: [alice.id, carol.id] });
    expect(shown.items).toMatchObject([{ userId: alice.id, online: true }]);
    expect((await stranger.request<Page<object>>('presence:subscribe', { userIds: [alice.id] })).items).toEqual([]);
    await alice.api.patch('/users/me', { displayName: 'Al' });
    await watcher.next<{ user: User }>('user:changed', ({ user }) => user.displayName === 'Al');
    expect(stranger.all('user:changed')).toEqual([]);
    phone.close();
    const left = await watcher.next<{ online: boolean; lastSeenAt?: string }>(
      'presence:changed',
      ({ online }) => !online,
    );
    expect(Date.parse(left.lastSeenAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    await alice.api.put(`/blocks/${bob.id}`);
    expect((await watcher.request<Page<object>>('presence:subscribe', { userIds: [alice.id] })).items).toEqual([]);
  });

  it('tells my other devices of a request that I made', async () => {
    const [alice, bob] = await three();
    const phone = await alice.connect();
    const made = await alice.api.post<{ requestId: string }>('/contacts/requests', { userId: bob.id });
    const told = await phone.next<{ change: string; userId: string; request: object }>('contact:changed');
    expect(told).toMatchObject({
      change: 'request-sent',
      userId: bob.id,
      request: { requestId: made.requestId, state: 'pending' },
    });
  });

  it('lets owner and admins alone speak where they say so', async () => {
    const [alice, bob, carol] = await three();
    const id = await alice.group('News', bob, carol);
    const device = await bob.connect();
    expect(await alice.api.patch(`/conversations/${id}`, { sendPolicy: 'admins' })).toMatchObject({
      sendPolicy: 'admins',
    });
    const changed = await device.next<{ events: LogEvent[] }>('conversation:events', ({ events }) =>
      events.some(({ type }) => type === 'conversation.changed'),
    );
    expect(changed.events.find(({ type }) => type === 'conversation.changed')?.data).toEqual({ sendPolicy: 'admins' });
    const send = (who: Person) => ({
      path: `/conversations/${id}/messages`,
      body: { clientMsgId: newId(), type: 'text', content: { text: who.username } },
    });
    const refused = send(bob);
    expect((await bob.api.refusal('POST', refused.path, refused.body)).code).toBe('message.admins_only');
    const said = send(alice);
    await alice.api.post(said.path, said.body);
    await alice.api.patch(`/conversations/${id}/members/${bob.id}`, { role: 'admin' });
    await bob.api.post(refused.path, refused.body);
    expect((await bob.conversation(id)) as Conversation & { sendPolicy: string }).toMatchObject({
      sendPolicy: 'admins',
    });
    await alice.api.patch(`/conversations/${id}`, { sendPolicy: 'members' });
    const again = send(carol);
    await carol.api.post(again.path, again.body);
  });

  it('lets guests look and follow invitations, start nothing, and keep it all as users', async () => {
    const [alice] = await three();
    const guest = await new Api(server.current.url).post<Opened>('/auth/guest', { displayName: 'Visitor' });
    const api = new Api(server.current.url, guest.accessToken);
    for (const [method, path, body] of [
      ['GET', '/users?q=al', undefined],
      ['POST', '/conversations', { kind: 'group', title: 'Mine' }],
      ['PUT', `/conversations/direct/${alice.id}`, {}],
      ['POST', '/contacts/requests', { userId: alice.id }],
    ] as const)
      expect((await api.refusal(method, path, body)).code, path).toBe('authz.denied');
    expect((await api.get<Page<User>>(`/users?ids=${alice.id}`)).items).toMatchObject([{ displayName: 'Alice' }]);
    const id = await alice.group('Crew');
    const code = await invitation(alice, id);
    expect(await api.get(`/invitations/${code}`)).toMatchObject({ title: 'Crew' });
    await api.post(`/invitations/${code}/accept`);
    expect(await api.get(`/conversations/${id}/members/${alice.id}`)).toMatchObject({ role: 'owner' });
    const text = { clientMsgId: newId(), type: 'text', content: { text: 'hello' } };
    await api.post(`/conversations/${id}/messages`, text);
    const device = await Device.connect(server.current.url, guest.accessToken);
    const username = `guest_${Date.now().toString(36)}`;
    const upgraded = await api.post<Opened>('/auth/guest/upgrade', { username, password: PASSWORD });
    await eventually('the upgrade is told', () =>
      device.received.some(
        ({ event, payload }) => event === 'user:changed' && JSON.stringify(payload).includes(username),
      ),
    );
    device.close();
    const user = new Api(server.current.url, upgraded.accessToken);
    expect(await user.get<User>('/users/me')).toMatchObject({ userId: guest.user.userId, kind: 'user' });
    expect((await user.get<Page<Conversation>>('/conversations')).items).toMatchObject([{ conversationId: id }]);
    expect(await user.post('/conversations', { kind: 'group', title: 'Mine' })).toMatchObject({ role: 'owner' });
  });
});
