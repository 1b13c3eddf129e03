import { describe, expect, it } from 'vitest';
import { wantsNotice } from './notify';

const open = { settings: { muted: false, pinned: false, archived: false } };
const muted = { settings: { ...open.settings, muted: true } };

describe('a notification', () => {
  it('is for what others write', () => {
    expect(wantsNotice({ senderId: 'ada' }, open, 'me')).toBe('message');
    expect(wantsNotice({ senderId: 'me' }, open, 'me')).toBe('no');
    expect(wantsNotice({ senderId: 'ada', recalledAt: 'x' }, open, 'me')).toBe('no');
    expect(wantsNotice({ senderId: 'ada' }, undefined, 'me')).toBe('no');
  });

  it('comes from a muted conversation only for who is named', () => {
    expect(wantsNotice({ senderId: 'ada' }, muted, 'me')).toBe('no');
    expect(wantsNotice({ senderId: 'ada', mentions: ['me'] }, muted, 'me')).toBe('mention');
    expect(wantsNotice({ senderId: 'ada', mentions: ['all'] }, muted, 'me')).toBe('no');
    expect(wantsNotice({ senderId: 'ada', mentions: ['all'] }, open, 'me')).toBe('mention');
  });
});
