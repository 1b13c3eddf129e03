import { describe, expect, it } from 'vitest';
import { InMemoryWatchRegistry, RecordingPusher } from '../testing/index.js';
import { AnnounceProfiles } from './announce-profiles.js';

describe('a changed profile', () => {
  it('reaches who watches the user and the user, once, in its last form', async () => {
    const [watches, pusher] = [new InMemoryWatchRegistry(), new RecordingPusher()];
    await watches.watch('ann-1', 'ann', ['bob', 'cid']);
    await watches.watch('dan-1', 'dan', ['cid']);
    const profiles = new AnnounceProfiles(watches, pusher);
    await profiles.execute([
      { userId: 'bob', payloadJson: '{"name":"B"}' },
      { userId: 'eve', payloadJson: '{"name":"E"}' },
      { userId: 'bob', payloadJson: '{"name":"Bob"}' },
    ]);
    await profiles.execute([]);
    expect(pusher.calls).toBe(1);
    expect(
      pusher.pushes.map(({ userIds, sessionIds, event, payloadJson }) => [userIds, sessionIds, event, payloadJson]),
    ).toEqual([
      [['bob'], ['ann-1'], 'user:changed', '{"name":"Bob"}'],
      [['eve'], [], 'user:changed', '{"name":"E"}'],
    ]);
  });

  it('is not taken for told when delivery does not answer', async () => {
    const pusher = new RecordingPusher();
    pusher.down = true;
    const profiles = new AnnounceProfiles(new InMemoryWatchRegistry(), pusher);
    await expect(profiles.execute([{ userId: 'bob', payloadJson: '{}' }])).rejects.toMatchObject({
      code: 'server.unavailable',
    });
  });
});
