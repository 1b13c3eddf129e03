import { eventually, never } from '@parley/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Person, people } from './support/people.js';
import { useServer } from './support/use-server.js';

interface State {
  userId: string;
  online?: boolean;
  state?: string;
  lastSeenAt?: string;
}

const isOnline = (state: State | undefined) => state?.online ?? state?.state === 'online';

describe('presence and typing', () => {
  const server = useServer('presence');
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let conversationId: string;

  beforeAll(async () => {
    [alice, bob, carol] = (await people(server.current, 'alice', 'bob', 'carol')) as [Person, Person, Person];
    conversationId = await alice.directWith(bob);
  });

  const stateOf = async (asker: Person, who: Person): Promise<State | undefined> => {
    const answer = await asker.api.get<{ items: State[] }>(`/presence?userIds=${who.id}`);
    return answer.items.find((state) => state.userId === who.id);
  };

  it('shows who is online, who left and when they were last seen', async () => {
    expect(isOnline(await stateOf(alice, bob))).toBe(false);
    const phone = await bob.connect();
    await eventually('online', async () => isOnline(await stateOf(alice, bob)));
    const before = Date.now();
    phone.close();
    const gone = await eventually('offline', async () => {
      const state = await stateOf(alice, bob);
      return isOnline(state) ? undefined : state;
    });
    expect(Math.abs(Date.parse(gone.lastSeenAt as string) - before)).toBeLessThan(10_000);
  });

  it('tells watchers of each change, once per person and not per device', async () => {
    const watcher = await alice.connect();
    await watcher.request('presence:subscribe', { userIds: [bob.id] });
    const ofBob = () => watcher.all<State>('presence:changed').filter((state) => state.userId === bob.id);
    const phone = await bob.connect();
    await eventually('online seen', () => isOnline(ofBob().at(-1)));
    const tablet = (await bob.anotherDevice('tablet')).device;
    phone.close();
    await never('offline while one device is left', () => !isOnline(ofBob().at(-1)));
    tablet.close();
    await eventually('offline seen', () => !isOnline(ofBob().at(-1)));
    await watcher.request('presence:unsubscribe', { userIds: [bob.id] });
    watcher.forget();
    const again = await bob.connect();
    await never('change after unsubscribe', () => ofBob().length > 0);
    again.close();
  });

  it('strangers learn nothing', async () => {
    const phone = await bob.connect();
    expect(await stateOf(carol, bob)).toBeUndefined();
    const stranger = await carol.connect();
    const answer = await stranger.request('presence:subscribe', { userIds: [bob.id] });
    expect(JSON.stringify(answer)).not.toContain(bob.id);
    phone.close();
    await never('presence of a stranger', () => stranger.all('presence:changed').length > 0);
  });

  it('typing reaches the other side, not the typist and not outsiders', async () => {
    const [a, b, c] = [await alice.connect(), await bob.connect(), await carol.connect()];
    await a.request('typing', { conversationId, state: 'typing' });
    const typing = await b.next<{ conversationId: string; userId: string; state: string }>('typing');
    expect(typing).toMatchObject({ conversationId, userId: alice.id, state: 'typing' });
    await a.request('typing', { conversationId, state: 'stopped' });
    await b.next<{ state: string }>('typing', (one) => one.state === 'stopped');
    expect((await c.refusal('typing', { conversationId, state: 'typing' })).code).toMatch(/not_found|not_a_member/);
    await never('typing shown to the wrong ones', () => a.all('typing').length + c.all('typing').length > 0);
    // Never stored.
    expect(JSON.stringify(await bob.api.get(`/conversations/${conversationId}/events`))).not.toContain('typing');
  });
});
