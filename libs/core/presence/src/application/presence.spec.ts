import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  FakeClock,
  FakeVisibleUsers,
  InMemoryLastSeenStore,
  InMemorySessionDirectory,
  InMemoryWatchRegistry,
  RecordingPusher,
} from '../testing/index.js';
import { GetPresence } from './get-presence.js';
import { LastSeenJournal } from './last-seen-journal.js';
import { GRACE_MS } from '../ports/session-directory.js';
import { PresenceTracker } from './presence-tracker.js';
import { Sessions } from './sessions.js';
import { WatchUsers } from './watch-users.js';

const START = 1_700_000_000_000;
const iso = (at: number) => new Date(at).toISOString();

describe('presence', () => {
  let clock: FakeClock;
  let store: InMemoryLastSeenStore;
  let visible: FakeVisibleUsers;
  let pusher: RecordingPusher;
  let watches: InMemoryWatchRegistry;
  let directory: InMemorySessionDirectory;
  let journal: LastSeenJournal;
  let tracker: PresenceTracker;
  let sessions: Sessions;
  let presence: GetPresence;
  let watch: WatchUsers;

  const session = (userId: string, sessionId = `${userId}-1`) => ({ userId, sessionId });
  const pass = async (ms: number) => {
    clock.at += ms;
    await tracker.tick();
  };
  const stateOf = async (userId: string) => (await presence.execute('ann', [userId]))[0];

  beforeEach(() => {
    clock = new FakeClock(START);
    store = new InMemoryLastSeenStore();
    visible = new FakeVisibleUsers();
    pusher = new RecordingPusher();
    watches = new InMemoryWatchRegistry();
    directory = new InMemorySessionDirectory(clock);
    journal = new LastSeenJournal(store);
    tracker = new PresenceTracker(directory, watches, pusher, clock);
    sessions = new Sessions(directory, watches, tracker, journal, clock);
    presence = new GetPresence(visible, directory, journal);
    watch = new WatchUsers(watches, presence);
  });

  describe('of a user', () => {
    it('is offline and never seen at first', async () => {
      expect(await stateOf('bob')).toEqual({ userId: 'bob', online: false, lastSeenAt: 0 });
    });

    it('stays online through a reconnect, and ends after the grace with the time of the close', async () => {
      await sessions.open('n1', [session('bob')]);
      expect((await stateOf('bob'))?.online).toBe(true);
      clock.at += 5000;
      await sessions.close('n1', [session('bob')]);
      await pass(GRACE_MS - 1);
      expect((await stateOf('bob'))?.online).toBe(true);
      await pass(1);
      expect(await stateOf('bob')).toEqual({ userId: 'bob', online: false, lastSeenAt: START + 5000 });
    });

    it('is online as long as one device is', async () => {
      await sessions.open('n1', [session('bob'), session('bob', 'bob-2')]);
      await sessions.close('n1', [session('bob')]);
      await pass(GRACE_MS);
      expect((await stateOf('bob'))?.online).toBe(true);
    });

    it('ends with the lease of a node that is gone, at its last sign of life', async () => {
      await sessions.open('n1', [session('bob')]);
      clock.at += 30_001;
      await sessions.expire();
      await pass(GRACE_MS);
      expect(await stateOf('bob')).toEqual({ userId: 'bob', online: false, lastSeenAt: START });
    });

    it('is left out for those who may not see it, and refused when that cannot be known', async () => {
      visible.hidden.add('ann>bob');
      expect(await presence.execute('ann', ['bob', 'cat', 'ann', 'cat'])).toMatchObject([
        { userId: 'cat' },
        { userId: 'ann' },
      ]);
      visible.down = true;
      await expect(stateOf('cat')).rejects.toMatchObject({ code: 'server.unavailable' });
    });
  });

  describe('last seen', () => {
    it('is written behind, and what could not be written stays', async () => {
      await sessions.open('n1', [session('bob'), session('cat')]);
      store.down = true;
      await expect(journal.flush()).rejects.toMatchObject({ code: 'server.unavailable' });
      store.down = false;
      clock.at += 10;
      await sessions.close('n1', [session('bob')]);
      await journal.flush();
      expect(store.seen).toEqual(
        new Map([
          ['bob', START + 10],
          ['cat', START],
        ]),
      );
    });
  });

  describe('for watchers', () => {
    beforeEach(async () => {
      await sessions.open('n1', [session('ann'), session('eve')]);
      await tracker.tick();
    });

    it('answers the states now and pushes changes, each user once', async () => {
      expect(await watch.watch('ann-1', 'ann', ['bob'])).toEqual([{ userId: 'bob', online: false, lastSeenAt: 0 }]);
      await watch.watch('eve-1', 'eve', ['bob']);
      await sessions.open('n1', [session('bob')]);
      await sessions.open('n2', [session('bob', 'bob-2')]);
      await pass(50);
      expect(pusher.payloads).toEqual([{ userId: 'bob', online: true, lastSeenAt: iso(START) }]);
      expect(pusher.pushes[0]).toMatchObject({ event: 'presence:changed', sessionIds: ['ann-1', 'eve-1'] });
      await sessions.close('n1', [session('bob')]);
      await sessions.close('n2', [session('bob', 'bob-2')]);
      await pass(GRACE_MS);
      expect(pusher.payloads.slice(1)).toEqual([{ userId: 'bob', online: false, lastSeenAt: iso(START + 50) }]);
      expect(tracker.busy).toBe(false);
    });

    it('pushes many changes with one call', async () => {
      await watch.watch('ann-1', 'ann', ['bob', 'cat']);
      await sessions.open('n1', [session('bob')]);
      await sessions.open('n1', [session('cat')]);
      const before = pusher.calls;
      await pass(50);
      expect(pusher.calls - before).toBe(1);
      expect(pusher.payloads).toHaveLength(2);
    });

    it('pushes nothing for a quick reconnect', async () => {
      await sessions.open('n1', [session('bob')]);
      await tracker.tick();
      await watch.watch('ann-1', 'ann', ['bob']);
      await sessions.close('n1', [session('bob')]);
      await pass(500);
      await sessions.open('n2', [session('bob')]);
      await pass(GRACE_MS);
      expect(pusher.payloads).toEqual([]);
    });

    it('pushes nothing more after unwatch, and after the session closed', async () => {
      await watch.watch('ann-1', 'ann', ['bob']);
      await watch.watch('eve-1', 'eve', ['bob']);
      await watch.unwatch('ann-1', ['bob']);
      await sessions.close('n1', [session('eve')]);
      await sessions.open('n1', [session('bob')]);
      await pass(50);
      expect(pusher.payloads).toEqual([]);
    });

    it('watches nobody who may not be seen, and nobody new when that cannot be known', async () => {
      visible.hidden.add('ann>bob');
      expect(await watch.watch('ann-1', 'ann', ['bob'])).toEqual([]);
      visible.hidden.clear();
      visible.down = true;
      await expect(watch.watch('ann-1', 'ann', ['bob'])).rejects.toMatchObject({ code: 'server.unavailable' });
      await sessions.open('n1', [session('bob')]);
      await pass(50);
      expect(pusher.payloads).toEqual([]);
    });

    it('leaves no watch of somebody who blocked the watcher while it was registered', async () => {
      const registered = watches.watch.bind(watches);
      watches.watch = async (...args) => {
        const watched = await registered(...args);
        // Its own recheck came before there was anything to end.
        visible.hidden.add('ann>bob');
        return watched;
      };
      await sessions.open('n1', [session('bob')]);
      expect(await watch.watch('ann-1', 'ann', ['bob', 'cat'])).toMatchObject([{ userId: 'cat' }]);
      expect([...(await watches.watchersOf(['bob', 'cat'])).keys()]).toEqual(['cat']);
    });

    it('stops watching in both directions once they may not see each other', async () => {
      await watch.watch('ann-1', 'ann', ['bob', 'cat']);
      await sessions.open('n1', [session('bob')]);
      await watch.watch('bob-1', 'bob', ['ann']);
      visible.hidden.add('ann>bob').add('bob>ann');
      await watch.recheck('bob', 'ann');
      expect(await watches.watchersOf(['ann', 'bob', 'cat'])).toEqual(new Map([['cat', ['ann-1']]]));
      await watch.recheck('cat', 'ann');
      expect(await watches.watchersOf(['cat'])).toEqual(new Map([['cat', ['ann-1']]]));
    });

    it('limits what one session watches', async () => {
      const many = Array.from({ length: 1001 }, (_, index) => `u${index}`);
      await expect(watch.watch('ann-1', 'ann', many)).rejects.toMatchObject({ code: 'limit.size' });
      expect((await watches.sessions()).sessionIds).toEqual([]);
    });

    it('tries again when delivery does not answer, with the newest state', async () => {
      await watch.watch('ann-1', 'ann', ['bob']);
      pusher.down = true;
      await sessions.open('n1', [session('bob')]);
      await pass(50);
      await pass(50);
      expect(pusher.calls).toBe(1);
      pusher.down = false;
      await sessions.close('n1', [session('bob')]);
      await pass(GRACE_MS);
      expect(pusher.payloads).toMatchObject([{ userId: 'bob', online: false }]);
    });

    it('leaves a change untold that another instance has overtaken', async () => {
      const other = new PresenceTracker(directory, watches, pusher, clock);
      await watch.watch('ann-1', 'ann', ['bob']);
      pusher.down = true;
      await sessions.open('n1', [session('bob')]);
      await pass(50);
      // Another instance hears of the end, and tells it.
      await directory.close('n1', [session('bob')]);
      clock.at += GRACE_MS;
      await other.depart();
      pusher.down = false;
      await other.tick();
      await pass(1000);
      expect(pusher.payloads).toMatchObject([{ userId: 'bob', online: false }]);
      expect(tracker.busy).toBe(false);
    });

    it('waits for a directory that does not answer, and tells then who left meanwhile', async () => {
      await watch.watch('ann-1', 'ann', ['bob']);
      await sessions.open('n1', [session('bob')]);
      await pass(50);
      await sessions.close('n1', [session('bob')]);
      const departed = vi.spyOn(directory, 'departed').mockRejectedValue(new Error('away'));
      await pass(GRACE_MS);
      await pass(50);
      expect(departed).toHaveBeenCalledTimes(1);
      departed.mockRestore();
      await pass(1000);
      expect(pusher.payloads.at(-1)).toMatchObject({ userId: 'bob', online: false });
    });

    it('sweeps watches of sessions that live nowhere, but not of one that is just being opened', async () => {
      await watch.watch('ann-1', 'ann', ['bob']);
      await watch.watch('late', 'ann', ['bob']);
      await watch.watch('ghost', 'ann', ['bob']);
      await sessions.sweepWatches();
      await sessions.open('n1', [session('ann', 'late')]);
      await sessions.sweepWatches();
      expect((await watches.sessions()).sessionIds.sort()).toEqual(['ann-1', 'late']);
    });
  });
});
