import { describe, expect, it } from 'vitest';
import type { Member } from '../api.js';
import { dataOn } from '../testing/data-under-test.js';
import { settled } from '../testing/fake-clockwork.js';
import { FakeServer } from '../testing/fake-server.js';

const member = (userId: string, role: Member['role'] = 'member'): Member => ({
  userId,
  role,
  nickname: '',
  joinedAt: 't',
});

async function desk(count: number) {
  const server = new FakeServer('me');
  let members = Array.from({ length: count }, (_, n) => member(`u${n}`));
  const { call } = server.rest;
  server.rest.call = (async (name: string, request: { query?: { cursor?: string; limit?: number } }) => {
    if (name !== 'GET /conversations/{conversationId}/members') return call(name as never, request as never);
    const from = Number(request.query?.cursor ?? 0);
    const to = from + (request.query?.limit ?? 0);
    return { items: members.slice(from, to), ...(to < members.length && { nextCursor: `${to}` }) };
  }) as never;
  const log = server.log('c');
  const made = await dataOn({ server });
  server.connect();
  await made.clockwork.pass(100);
  const push = (type: string, data: Record<string, unknown>) =>
    server.push('conversation:events', { conversationId: 'c', epoch: 'e1', events: [log.append(type, 'you', data)] });
  const list = made.data.members('c');
  return {
    ...made,
    list,
    push,
    ids: () => list.value.items.map(({ userId }) => userId),
    set: (next: Member[]) => (members = next),
  };
}

describe('the list of members', () => {
  it('is asked for in pages, when somebody looks', async () => {
    const { list } = await desk(150);
    expect(list.value).toEqual({ items: [], hasMore: false, loading: false });
    await list.open();
    expect(list.value).toMatchObject({ hasMore: true, loading: false });
    await list.loadMore();
    expect(list.value.items.length).toBe(150);
    expect(list.value.hasMore).toBe(false);
  });

  it('lets those go at once who leave, and asks once for many who join', async () => {
    const { list, push, ids, set, clockwork } = await desk(3);
    await list.open();
    push('member.left', { userId: 'u1' });
    await settled();
    expect(ids()).toEqual(['u0', 'u2']);
    set([member('u0'), member('u2'), member('new')]);
    push('member.joined', { members: [{ userId: 'new' }] });
    push('member.changed', { userId: 'u2', role: 'admin' });
    await clockwork.pass(1000);
    expect(ids()).toEqual(['u0', 'u2', 'new']);
  });

  it('says why it could not load', async () => {
    const { list, server } = await desk(3);
    server.rest.call = () => Promise.reject(Object.assign(new Error(), { code: 'client.offline' }));
    await list.open();
    expect(list.value).toMatchObject({ items: [], loading: false, error: { code: 'client.offline' } });
  });

  it('is empty after the sign-out', async () => {
    const { list, data } = await desk(3);
    await list.open();
    data.stop();
    expect(list.value.items).toEqual([]);
  });
});
