import { describe, expect, it } from 'vitest';
import { contactName, relationOf, sortedContacts } from './relation';

const contact = (userId: string, displayName?: string, remark = '') => ({
  userId,
  remark,
  tags: [],
  addedAt: '2026-01-01T00:00:00Z',
  ...(displayName === undefined ? {} : { user: { userId, displayName } }),
});
const request = (fromUserId: string, toUserId: string, state: 'pending' | 'declined' = 'pending') => ({
  requestId: `${fromUserId}-${toUserId}`,
  fromUserId,
  toUserId,
  greeting: '',
  state,
  createdAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-02-01T00:00:00Z',
});

describe('what somebody is to me', () => {
  const book = {
    me: 'me',
    contacts: [contact('ada', 'Ada')],
    incoming: [request('bob', 'me')],
    outgoing: [request('me', 'cleo'), request('me', 'dan', 'declined')],
  };
  it.each([
    ['me', 'me'],
    ['ada', 'contact'],
    ['bob', 'incoming'],
    ['cleo', 'outgoing'],
    ['dan', 'none'],
    ['eve', 'none'],
  ])('%s: %s', (userId, kind) => expect(relationOf(userId, book).kind).toBe(kind));
});

describe('contacts in order', () => {
  it('go by the name that is shown, without regard to case and accents', () => {
    const list = [
      contact('1', 'zoe'),
      contact('2', 'Élodie'),
      contact('3'),
      contact('4', 'Xaver', 'ada'),
      contact('5', 'Emil'),
    ];
    expect(sortedContacts(list, 'en').map(({ userId }) => userId)).toEqual(['4', '2', '5', '1', '3']);
  });

  it('show my remark first', () => {
    expect(contactName(contact('1', 'Grace', 'Amazing Grace'))).toBe('Amazing Grace');
    expect(contactName(contact('1', 'Grace', '  '))).toBe('Grace');
    expect(contactName(contact('1'))).toBe('');
  });
});
