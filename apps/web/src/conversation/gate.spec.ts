import type { ConversationItem } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { gateOf } from './gate';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const gate = (change: Record<string, unknown>, blocked: string[] = []) =>
  gateOf({ kind: 'group', role: 'member', disbanded: false, ...change } as ConversationItem, blocked, NOW)?.why;

describe('gateOf', () => {
  it('is open for members', () => expect(gate({})).toBeUndefined());

  it('closes for a reason that can be said', () => {
    expect(gate({ disbanded: true })).toBe('disbanded');
    expect(gate({ role: undefined })).toBe('left');
    expect(gate({ kind: 'direct', peer: { userId: 'bo' } }, ['bo'])).toBe('blocked');
    expect(gate({ mutedUntil: '2026-03-01T12:00:01Z' })).toBe('muted');
    expect(gate({ mutedUntil: '2026-03-01T11:59:59Z' })).toBeUndefined();
    expect(gate({ sendPolicy: 'admins' })).toBe('admins-only');
    expect(gate({ sendPolicy: 'admins', role: 'admin' })).toBeUndefined();
  });
});
