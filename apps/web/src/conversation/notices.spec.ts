import { describe, expect, it } from 'vitest';
import { noticeText } from './notices';

const say = (type: string, data: Record<string, unknown> = {}, actorId = 'ann') => noticeText({ type, actorId, data });

describe('noticeText', () => {
  it('tells joining from being added', () => {
    expect(say('member.joined', { members: [{ userId: 'ann', role: 'member' }] })).toMatchObject({ key: 'joined' });
    const members = ['bo', 'cid', 'dan', 'eve', 'ann'].map((userId) => ({ userId }));
    expect(say('member.joined', { members })).toMatchObject({ key: 'added', userIds: ['bo', 'cid', 'dan'], more: 1 });
  });

  it('says what changed, and nothing of what nobody wants to read', () => {
    expect(say('conversation.changed', { title: 'X' })).toMatchObject({ key: 'renamed', values: { title: 'X' } });
    expect(say('member.changed', { userId: 'bo', role: 'admin' })).toMatchObject({
      key: 'role.admin',
      userIds: ['bo'],
    });
    expect(say('member.changed', { userId: 'bo', mutedUntil: null })).toMatchObject({ key: 'unmuted' });
    expect(say('member.changed', { userId: 'bo', nickname: 'B' })).toBeUndefined();
    expect(say('call.started')).toBeUndefined();
    expect(say('call.ended', { outcome: 'missed' })).toMatchObject({ key: 'callMissed' });
    expect(say('something.new')).toBeUndefined();
  });
});
