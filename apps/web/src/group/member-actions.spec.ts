import { describe, expect, it } from 'vitest';
import { mayDo } from './member-actions';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const member = (role: 'owner' | 'admin' | 'member', mutedUntil?: string) => ({ userId: 'other', role, mutedUntil });

describe('what a member may do to another', () => {
  it('an owner may do everything to everybody else', () => {
    expect(mayDo({ userId: 'me', role: 'owner' }, member('admin'), NOW)).toEqual({
      changeRole: true,
      mute: true,
      unmute: false,
      remove: true,
      nickname: true,
    });
  });

  it('an admin rules members, not other admins, and gives no roles', () => {
    const me = { userId: 'me', role: 'admin' } as const;
    expect(mayDo(me, member('member'), NOW)).toMatchObject({ changeRole: false, mute: true, remove: true });
    expect(mayDo(me, member('admin'), NOW)).toMatchObject({ mute: false, remove: false, nickname: false });
  });

  it('a member changes nothing but their own nickname', () => {
    const me = { userId: 'other', role: 'member' } as const;
    expect(mayDo(me, member('member'), NOW)).toEqual({
      changeRole: false,
      mute: false,
      unmute: false,
      remove: false,
      nickname: true,
    });
  });

  it('a mute that is over is none', () => {
    const me = { userId: 'me', role: 'owner' } as const;
    expect(mayDo(me, member('member', '2026-11-21T11:00:00Z'), NOW)).toMatchObject({ mute: false, unmute: true });
    expect(mayDo(me, member('member', '2026-11-21T09:00:00Z'), NOW)).toMatchObject({ mute: true, unmute: false });
  });
});
