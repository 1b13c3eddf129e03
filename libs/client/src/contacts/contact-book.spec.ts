import { beforeEach, describe, expect, it } from 'vitest';
import type { PeopleNotes } from '../data.js';
import { State } from '../observable.js';
import { FakeClockwork } from '../testing/fake-clockwork.js';
import { FakeRealtime, FakeRest } from '../testing/fake-server-side.js';
import type { ConnectionState } from '../types.js';
import { ContactBook } from './contact-book.js';

describe('ContactBook', () => {
  let clockwork: FakeClockwork;
  let realtime: FakeRealtime;
  let rest: FakeRest;
  let connection: State<ConnectionState>;
  let book: ContactBook;
  let contacts: { userId: string }[];
  let requests: { requestId: string; state: string }[];
  beforeEach(() => {
    clockwork = new FakeClockwork();
    realtime = new FakeRealtime();
    contacts = [{ userId: 'a' }, { userId: 'b' }];
    requests = [
      { requestId: 'r', state: 'pending' },
      { requestId: 'old', state: 'declined' },
    ];
    rest = new FakeRest(({ name, request }) => {
      if (name === 'GET /contacts') {
        const at = Number(request.query?.['cursor'] ?? 0);
        return {
          items: contacts.slice(at, at + 1),
          ...(at + 1 < contacts.length ? { nextCursor: String(at + 1) } : {}),
        };
      }
      if (name === 'GET /contacts/requests') return { items: request.query?.['direction'] === 'in' ? requests : [] };
      return { items: [{ userId: 'x' }] };
    });
    connection = new State<ConnectionState>({ status: 'online', waiting: 0 });
    const people = { note: () => undefined } as unknown as PeopleNotes;
    book = new ContactBook({ rest: rest.port, realtime: realtime.port, clockwork, people, connection });
  });
  const names = () => rest.asked.splice(0).map(({ name }) => name);

  it('loads all pages once, whoever opens it', async () => {
    await Promise.all([book.open(), book.open()]);
    expect(book.value.map(({ userId }) => userId)).toEqual(['a', 'b']);
    expect(book.incoming.value.map(({ requestId }) => requestId)).toEqual(['r']);
    expect([book.blocked.value, book.loaded.value]).toEqual([['x'], true]);
    expect(names()).toHaveLength(5);
  });

  it('loads again what a change is about, once for many', async () => {
    await book.open();
    names();
    requests = [];
    contacts = [{ userId: 'a' }];
    for (let at = 0; at < 5; at++) realtime.emit('contact:changed', { change: 'request-accepted', userId: 'r' });
    await clockwork.pass(100);
    expect(names().sort()).toEqual(['GET /contacts', 'GET /contacts/requests', 'GET /contacts/requests']);
    expect([book.value.length, book.incoming.value.length]).toEqual([1, 0]);
  });

  it('takes removals and blocks as they are told', async () => {
    await book.open();
    names();
    realtime.emit('contact:changed', { change: 'removed', userId: 'a' });
    realtime.emit('contact:changed', { change: 'blocked', userId: 'a' });
    realtime.emit('contact:changed', { change: 'unblocked', userId: 'x' });
    expect([book.value.map(({ userId }) => userId), book.blocked.value]).toEqual([['b'], ['a']]);
    await clockwork.pass(100);
    expect(names()).toEqual([]);
  });

  it('asks for nothing before it is opened, and for all after a connection was lost', async () => {
    realtime.emit('contact:changed', { change: 'added', userId: 'a' });
    await clockwork.pass(100);
    expect(names()).toEqual([]);
    await book.open();
    names();
    connection.set({ status: 'offline', waiting: 0 });
    connection.set({ status: 'syncing', waiting: 0 });
    connection.set({ status: 'online', waiting: 0 });
    await clockwork.pass(100);
    expect(names()).toHaveLength(5);
  });

  it('shows the next account nothing of the one before, not even answers that were on their way', async () => {
    const opening = book.open();
    book.forget();
    await opening;
    expect([book.value, book.loaded.value]).toEqual([[], false]);
    expect(clockwork.waiting).toBe(0);
  });
});
