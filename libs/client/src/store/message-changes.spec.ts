import { describe, expect, it } from 'vitest';
import type { ConversationEvent, Message } from '../api.js';
import { changed, rowOf } from './message-changes.js';

const message = {
  messageId: 'm1',
  seq: 1,
  changedSeq: 1,
  senderId: 'you',
  content: { text: 'a' },
  mentions: ['me'],
} as unknown as Message;
const event = (seq: number, type: string, data: Record<string, unknown> = {}): ConversationEvent => ({
  seq,
  type,
  at: `t${seq}`,
  actorId: 'you',
  data: { messageId: 'm1', messageSeq: 1, ...data },
});
const reaction = (seq: number, type: 'added' | 'removed', userId: string, count: number) =>
  event(seq, `reaction.${type}`, { emoji: '👍', userId, count });

describe('events that change a message', () => {
  it('count once, in the order of the log', () => {
    const edited = changed(message, event(5, 'message.edited', { content: { text: 'b' }, editedAt: 'e' }), 'me');
    expect(edited).toMatchObject({ content: { text: 'b' }, editedAt: 'e', changedSeq: 5 });
    expect(changed(edited, event(4, 'message.edited', { content: { text: 'older' } }), 'me')).toBe(edited);
    expect(changed(edited, event(5, 'message.edited', { content: { text: 'same' } }), 'me')).toBe(edited);
  });

  it('take the content of a recalled one away, also when an older edit tells of the recall', () => {
    for (const type of ['message.recalled', 'message.edited']) {
      const next = changed(message, event(5, type, { recalledAt: 'r', recalledBy: 'you' }), 'me');
      expect(next).toMatchObject({ recalledAt: 'r', recalledBy: 'you' });
      expect(next).not.toHaveProperty('content');
      expect(next).not.toHaveProperty('mentions');
    }
  });

  it('put reactions on and take them off', () => {
    let next = changed(message, reaction(2, 'added', 'you', 1), 'me');
    expect(next.reactions).toEqual([{ emoji: '👍', count: 1, userIds: ['you'], mine: false }]);
    next = changed(next, reaction(3, 'added', 'me', 2), 'me');
    expect(next.reactions).toEqual([{ emoji: '👍', count: 2, userIds: ['you', 'me'], mine: true }]);
    next = changed(next, reaction(4, 'removed', 'you', 1), 'me');
    expect(next.reactions).toEqual([{ emoji: '👍', count: 1, userIds: ['me'], mine: true }]);
    expect(changed(next, reaction(5, 'removed', 'me', 0), 'me')).not.toHaveProperty('reactions');
  });

  it('pin and unpin', () => {
    const pinned = changed(message, event(2, 'message.pinned', { userId: 'you' }), 'me');
    expect(pinned).toMatchObject({ pinnedAt: 't2', pinnedBy: 'you' });
    expect(changed(pinned, event(3, 'message.unpinned'), 'me')).not.toHaveProperty('pinnedAt');
  });

  it('are no lines of their own, but a pin is; what was deleted for me is none', () => {
    expect(rowOf(event(2, 'message.edited'))).toBeUndefined();
    expect(rowOf(event(2, 'message.pinned'))).toMatchObject({ seq: 2, notice: { type: 'message.pinned' } });
    expect(rowOf(event(1, 'message.created', { hidden: true }))).toBeUndefined();
    expect(rowOf(event(2, 'something.new'))).toBeUndefined();
  });
});
