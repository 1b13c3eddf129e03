import type { ConversationItem, MessageItem } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { actionsOf } from './actions';
import { markOf, readersBySeq } from './delivery';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const conversation = (change: Partial<ConversationItem> = {}) =>
  ({ kind: 'group', role: 'member', memberCount: 3, tier: { receipts: 'member' }, ...change }) as ConversationItem;
const message = (change: Partial<MessageItem> = {}) =>
  ({
    key: 'k',
    messageId: 'm',
    seq: 5,
    type: 'text',
    content: { text: 'hi' },
    mine: true,
    state: 'committed',
    sentAt: '2026-03-01T11:59:30Z',
    ...change,
  }) as MessageItem;
const can = (change: Partial<MessageItem>, group: Partial<ConversationItem> = {}, maySend = true) =>
  actionsOf(message(change), { conversation: conversation(group), maySend, now: NOW });

describe('actionsOf', () => {
  it('lets me recall for two minutes and edit for a day', () => {
    expect(can({})).toEqual(expect.arrayContaining(['edit', 'recall']));
    const later = can({ sentAt: '2026-03-01T11:50:00Z' });
    expect(later).toContain('edit');
    expect(later).not.toContain('recall');
    expect(can({ sentAt: '2026-02-27T11:50:00Z' })).not.toContain('edit');
  });

  it('pauses, resumes and stops what is on its way', () => {
    const going = (state: 'uploading' | 'paused' | 'done') => {
      const { messageId: _, ...waiting } = message({ state: 'queued', upload: { state, sent: 1, total: 2 } });
      return actionsOf(waiting as MessageItem, { conversation: conversation(), maySend: true, now: NOW });
    };
    expect(going('uploading')).toEqual(['pause', 'discard']);
    expect(going('paused')).toEqual(['resume', 'discard']);
    expect(going('done')).toEqual(['discard']);
  });

  it('lets admins recall what others sent, and pin', () => {
    expect(can({ mine: false })).not.toContain('recall');
    expect(can({ mine: false }, { role: 'admin' })).toEqual(expect.arrayContaining(['recall', 'pin']));
    expect(can({ mine: false }, { kind: 'direct' })).toContain('pin');
  });

  it('offers nothing that writes to those who may not write', () => {
    expect(can({}, {}, false)).toEqual(['copy', 'forward', 'select', 'info', 'recall', 'remove']);
  });

  it('offers a failed message two ways out', () => {
    expect(can({ state: 'failed', messageId: undefined })).toEqual(['retry', 'copy', 'discard']);
  });

  it('leaves of a recalled message only its removal', () => {
    expect(can({ recalledAt: '2026-03-01T11:59:40Z', content: undefined })).toEqual(['remove', 'select']);
  });
});

describe('markOf', () => {
  const cursors = (...at: [delivered: number, read: number][]) =>
    conversation({ cursors: at.map(([deliveredSeq, readSeq], n) => ({ userId: `u${n}`, deliveredSeq, readSeq })) });

  it('is the state of the slowest', () => {
    expect(markOf(message(), cursors([5, 5], [4, 4]))).toBe('sent');
    expect(markOf(message(), cursors([5, 5], [5, 4]))).toBe('delivered');
    expect(markOf(message(), cursors([5, 5], [9, 9]))).toBe('read');
    expect(markOf(message(), cursors([5, 5]))).toBe('sent');
    expect(markOf(message({ state: 'queued', seq: undefined }), cursors())).toBe('waiting');
  });
});

describe('readersBySeq', () => {
  it('puts every face once, at the newest of my messages that was read', () => {
    const items = [3, 5, 8].map((seq) => ({ kind: 'message' as const, message: message({ seq }) }));
    const cursors = [
      { userId: 'a', deliveredSeq: 9, readSeq: 6 },
      { userId: 'b', deliveredSeq: 9, readSeq: 9 },
      { userId: 'c', deliveredSeq: 9, readSeq: 1 },
    ];
    expect([...readersBySeq(items, conversation({ cursors }))]).toEqual([
      [8, ['b']],
      [5, ['a']],
    ]);
  });
});
