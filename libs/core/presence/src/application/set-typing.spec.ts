import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, FakeMembership, RecordingPusher } from '../testing/index.js';
import { SetTyping } from './set-typing.js';

describe('SetTyping', () => {
  let clock: FakeClock;
  let membership: FakeMembership;
  let pusher: RecordingPusher;
  let typing: SetTyping;

  beforeEach(() => {
    clock = new FakeClock();
    membership = new FakeMembership();
    pusher = new RecordingPusher();
    typing = new SetTyping(membership, pusher, clock, (count) => count <= 200);
  });

  it('shows it to the other members', async () => {
    await typing.execute('ann', 'c', 'typing');
    expect(pusher.pushes).toEqual([
      {
        userIds: [],
        sessionIds: [],
        conversationId: 'c',
        exceptUserIds: ['ann'],
        event: 'typing',
        payloadJson: '{"conversationId":"c","userId":"ann","state":"typing"}',
      },
    ]);
  });

  it('drops repeats within a second, without asking anybody', async () => {
    await typing.execute('ann', 'c', 'typing');
    await typing.execute('ann', 'c', 'typing');
    expect(membership.asked).toBe(1);
    await typing.execute('ann', 'c', 'stopped');
    await typing.execute('bob', 'c', 'typing');
    await typing.execute('ann', 'd', 'typing');
    clock.at += 1000;
    await typing.execute('ann', 'c', 'stopped');
    expect(pusher.pushes).toHaveLength(5);
  });

  it('refuses those who are not members, every time', async () => {
    membership.answer = { isMember: false, maySend: false, memberCount: 2 };
    for (let n = 0; n < 2; n += 1)
      await expect(typing.execute('ann', 'c', 'typing')).rejects.toMatchObject({ code: 'conversation.not_found' });
    expect(pusher.pushes).toEqual([]);
  });

  it('shows nothing of members who may not send, nor in large conversations', async () => {
    membership.answer = { isMember: true, maySend: false, memberCount: 2 };
    await typing.execute('ann', 'c', 'typing');
    membership.answer = { isMember: true, maySend: true, memberCount: 201 };
    await typing.execute('ann', 'd', 'typing');
    expect(pusher.pushes).toEqual([]);
  });
});
