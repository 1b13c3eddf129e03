import { expect, it } from 'vitest';
import type { User } from '../api.js';
import { memoryStorage } from '../store/index.js';
import { FakeClockwork } from '../testing/fake-clockwork.js';
import { type SessionRow, SessionStore } from './session-store.js';

const user: User = { userId: 'ada', displayName: 'Ada', kind: 'guest', createdAt: '2026-01-01T00:00:00.000Z' };
const row: SessionRow = {
  user,
  sessionId: 's',
  deviceId: 'd',
  accessToken: 'old',
  goodUntil: 1,
  lifetimeMs: 1,
  refreshToken: 'old',
};

it('a guest who becomes a user keeps the new tokens, whatever is said of the user at that moment', async () => {
  const store = new SessionStore(memoryStorage(), new FakeClockwork());
  await store.open(row);
  const upgraded: User = { ...user, kind: 'user', username: 'ada' };
  // The event about it overtakes the answer, or comes behind it.
  const told = [
    store.setUser(upgraded),
    store.replace({ ...row, user: upgraded, accessToken: 'new', refreshToken: 'new' }),
    store.setUser({ ...upgraded, displayName: 'Ada L.' }),
  ];
  await Promise.all(told);
  expect(await store.current()).toMatchObject({
    accessToken: 'new',
    refreshToken: 'new',
    user: { kind: 'user', displayName: 'Ada L.' },
  });
});

it('a guest stays one until the tokens of a user are there', async () => {
  const store = new SessionStore(memoryStorage(), new FakeClockwork());
  await store.open(row);
  expect((await store.setUser({ ...user, kind: 'user', username: 'ada' }))?.user).toMatchObject({
    kind: 'guest',
    username: 'ada',
  });
});

it('nothing is changed of somebody else', async () => {
  const store = new SessionStore(memoryStorage(), new FakeClockwork());
  await store.open(row);
  expect(await store.setUser({ ...user, userId: 'bob' })).toBeUndefined();
  expect((await store.current())?.user).toEqual(user);
});
