import type { MessageItem, NoticeItem, TimelineItem } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { buildRows, type Row } from './rows';

let seq = 0;
const sent = (senderId: string, sentAt: string, change: Partial<MessageItem> = {}): TimelineItem => {
  seq += 1;
  const message = {
    key: `k${seq}`,
    seq,
    senderId,
    sentAt,
    type: 'text',
    content: { text: 'x' },
    mine: false,
    state: 'committed',
  };
  return { kind: 'message', message: { ...message, ...change } as MessageItem };
};
const joined = (at: string): TimelineItem => {
  seq += 1;
  return {
    kind: 'notice',
    notice: { key: `n${seq}`, seq, at, type: 'member.joined', actorId: 'a', data: {} } as NoticeItem,
  };
};
const shape = (rows: readonly Row[]) =>
  rows.map((row) =>
    row.kind === 'message' ? `${row.message.senderId}${row.first ? '^' : ''}${row.last ? '_' : ''}` : row.kind,
  );
const all = { hasOlder: false, unreadAfter: undefined };

describe('buildRows', () => {
  it('says of a conversation of two not that the two came', () => {
    const items = [joined('2026-03-01T10:00:00'), sent('a', '2026-03-01T10:00:00')];
    expect(shape(buildRows({ items, ...all, direct: true }))).toEqual(['start', 'day', 'a^_']);
  });

  it('groups what one person sends within five minutes', () => {
    const items = [
      sent('a', '2026-03-01T10:00:00'),
      sent('a', '2026-03-01T10:01:00'),
      sent('a', '2026-03-01T10:04:00'),
      sent('a', '2026-03-01T10:12:00'),
      sent('b', '2026-03-01T10:12:30'),
    ];
    expect(shape(buildRows({ items, ...all }))).toEqual(['start', 'day', 'a^', 'a', 'a_', 'a^_', 'b^_']);
  });

  it('breaks groups at a new day and at a notice', () => {
    const items = [
      sent('a', '2026-03-01T23:59:00'),
      sent('a', '2026-03-02T00:01:00'),
      joined('2026-03-02T00:01:30'),
      sent('a', '2026-03-02T00:02:00'),
    ];
    expect(shape(buildRows({ items, ...all }))).toEqual(['start', 'day', 'a^_', 'day', 'a^_', 'notice', 'a^_']);
  });

  it('does not say the day of the first row while older ones may come', () => {
    const items = [sent('a', '2026-03-01T10:00:00')];
    expect(shape(buildRows({ items, hasOlder: true, unreadAfter: undefined }))).toEqual(['a^_']);
  });

  it('puts the divider above the first unread message of others', () => {
    const items = [
      sent('a', '2026-03-01T10:00:00'),
      sent('me', '2026-03-01T10:00:10', { mine: true }),
      sent('a', '2026-03-01T10:00:20'),
    ];
    const first = (items[0] as { message: MessageItem }).message.seq as number;
    expect(shape(buildRows({ items, hasOlder: true, unreadAfter: first }))).toEqual(['a^_', 'me^_', 'unread', 'a^_']);
  });

  it('keeps the objects of rows that look the same', () => {
    const items = [sent('a', '2026-03-01T10:00:00'), sent('a', '2026-03-01T10:00:10')];
    const before = buildRows({ items, ...all });
    const after = buildRows({ items: [...items, sent('a', '2026-03-01T10:00:20')], ...all }, before);
    expect(after[2]).toBe(before[2]);
    expect(after[3]).not.toBe(before[3]);
  });
});
