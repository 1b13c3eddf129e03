import { describe, expect, it } from 'vitest';
import { Replica } from './replica.js';

const event = (seq: number, messageId = `m${seq}`) => ({
  seq,
  type: 'message.created',
  at: '2026-01-01T00:00:00.000Z',
  actorId: 'u',
  data: { messageId },
});
const push = (epoch: string, ...events: ReturnType<typeof event>[]) => ({ conversationId: 'c', epoch, events });

describe('the replica that judges the server', () => {
  it('takes each event once, in order', () => {
    const replica = new Replica('c');
    expect(replica.apply(push('e', event(1), event(2)))).toBe(true);
    expect(replica.apply(push('e', event(2), event(3)))).toBe(true);
    expect(replica).toMatchObject({ lastSeq: 3, repeats: 1, violations: [] });
  });

  it('asks for sync at a gap and keeps what it had', () => {
    const replica = new Replica('c');
    expect(replica.apply(push('e', event(1), event(3)))).toBe(false);
    expect(replica.lastSeq).toBe(1);
  });

  it('does not accept another event under a known seq, nor another epoch', () => {
    const replica = new Replica('c');
    replica.apply(push('e', event(1)));
    replica.apply(push('e', event(1, 'other')));
    replica.apply(push('f', event(2)));
    expect(replica.violations).toHaveLength(2);
  });
});
