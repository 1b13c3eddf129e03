import { beforeEach, describe, expect, it } from 'vitest';
import { errorMaker } from '../error-answers.js';
import { MemoryStorage } from '../store/memory-storage.js';
import { FakeClockwork } from '../testing/fake-clockwork.js';
import { FakeRealtime, FakeRest } from '../testing/fake-server-side.js';
import { KnownPeople } from './known-people.js';

describe('KnownPeople', () => {
  let clockwork: FakeClockwork;
  let storage: MemoryStorage;
  let realtime: FakeRealtime;
  let rest: FakeRest;
  let reachable: boolean;
  beforeEach(() => {
    clockwork = new FakeClockwork();
    storage = new MemoryStorage();
    realtime = new FakeRealtime();
    reachable = true;
    rest = new FakeRest(({ request }) => {
      if (!reachable) throw errorMaker('en')('client.offline');
      const userIds = request.query?.['ids'] as string[];
      return {
        items: userIds
          .filter((userId) => !userId.startsWith('no'))
          .map((userId) => ({ userId, displayName: `Name of ${userId}` })),
      };
    });
  });
  const somePeople = () => new KnownPeople({ rest: rest.port, realtime: realtime.port, storage, clockwork });
  const asked = () => rest.asked.map(({ request }) => request.query?.['ids']);

  it('looks up who is asked for in one moment with one request', async () => {
    const people = somePeople();
    const [a, b, nobody] = ['a', 'b', 'nobody'].map((userId) => people.get(userId));
    people.get('a');
    expect(a?.value).toBeUndefined();
    await clockwork.pass(20);
    expect(asked()).toEqual([['a', 'b', 'nobody']]);
    expect([a?.value?.displayName, b?.value?.displayName, nobody?.value]).toEqual([
      'Name of a',
      'Name of b',
      undefined,
    ]);
    people.get('a');
    people.get('nobody');
    await clockwork.pass(20);
    expect(asked()).toHaveLength(1);
  });

  it('asks for 100 at a time', async () => {
    const people = somePeople();
    for (let at = 0; at < 230; at++) people.get(`u${at}`);
    await clockwork.pass(20);
    expect(asked().map((userIds) => (userIds as string[]).length)).toEqual([100, 100, 30]);
  });

  it('need not ask for whom an answer has named by the way', async () => {
    const people = somePeople();
    people.note([{ userId: 'a', displayName: 'Ada' }, undefined]);
    expect(people.get('a').value?.displayName).toBe('Ada');
    await clockwork.pass(20);
    expect(asked()).toEqual([]);
  });

  it('knows without a network whom it knew before', async () => {
    const before = somePeople();
    before.get('a');
    await clockwork.pass(20);
    reachable = false;
    const ada = somePeople().get('a');
    await clockwork.pass(20);
    expect(ada.value?.displayName).toBe('Name of a');
    expect(asked()).toHaveLength(1);
  });

  it('asks again when there was no network', async () => {
    reachable = false;
    const ada = somePeople().get('a');
    await clockwork.pass(20);
    reachable = true;
    await clockwork.pass(6000);
    expect(ada.value?.displayName).toBe('Name of a');
    expect(clockwork.waiting).toBe(0);
  });

  it('shows a new name at once', async () => {
    const people = somePeople();
    const seen: unknown[] = [];
    people.get('a').subscribe((person) => seen.push(person?.displayName));
    await clockwork.pass(20);
    realtime.emit('user:changed', { user: { userId: 'a', displayName: 'Ada L.' } });
    expect(seen).toEqual(['Name of a', 'Ada L.']);
  });

  it('keeps a bounded number in memory, and those that are looked at', async () => {
    const people = somePeople();
    people.note([{ userId: 'kept', displayName: 'Kept' }]);
    people.get('kept').subscribe(() => undefined);
    for (let at = 0; at < 5000; at++) people.note([{ userId: `u${at}`, displayName: 'x' }]);
    expect(people.get('kept').value?.displayName).toBe('Kept');
    expect(people.get('u4999').value?.displayName).toBe('x');
    expect(people.get('u0').value).toBeUndefined();
  });
});
