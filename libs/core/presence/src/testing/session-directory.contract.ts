import type { Clock } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { GRACE_MS, LEASE_MS, type SessionDirectory, SETTLED_MS, type Whereabouts } from '../ports/session-directory.js';
import { FakeClock } from './fakes.js';

const session = (userId: string, sessionId = `${userId}-1`) => ({ userId, sessionId });
const nothing: Whereabouts = { userIds: [], conversationIds: [], sessionIds: [] };

/** Two instances over the same data, as two presence services have them; the same one twice where it lives in a process. */
export interface DirectoryUnderTest {
  one: SessionDirectory;
  other: SessionDirectory;
  /** Everything is gone at once. */
  lose(): Promise<void> | void;
}

/** What every session directory does. Nothing is there at the beginning of a test. */
export function sessionDirectoryContract(name: string, make: (clock: Clock) => Promise<DirectoryUnderTest>): void {
  describe(`session directory: ${name}`, () => {
    let clock: FakeClock;
    let directory: SessionDirectory;
    let other: SessionDirectory;
    let lose: DirectoryUnderTest['lose'];

    beforeEach(async () => {
      clock = new FakeClock();
      ({ one: directory, other, lose } = await make(clock));
    });

    const arrivedAt = async (nodeId: string, ...sessions: { userId: string; sessionId: string }[]) =>
      (await directory.open(nodeId, sessions)).arrived;
    const located = async (whom: Partial<Whereabouts>, by = directory) =>
      Object.fromEntries(
        (await by.locate({ ...nothing, ...whom })).nodes.map(({ nodeId, ...parts }) => [
          nodeId,
          [...parts.userIds, ...parts.conversationIds, ...parts.sessionIds].sort(),
        ]),
      );
    const locateUsers = (...userIds: string[]) => located({ userIds });
    const settled = async (by = directory) => [...(await by.locate(nothing)).settledNodeIds].sort();

    it('answers who came online: the first session of a user, wherever it is', async () => {
      expect(await arrivedAt('n1', session('ann'), session('bob'))).toEqual(['ann', 'bob']);
      expect(await arrivedAt('n1', session('ann', 'ann-2'))).toEqual([]);
      expect(await arrivedAt('n2', session('bob', 'bob-2'), session('cat'), session('cat', 'cat-2'))).toEqual(['cat']);
      expect(await directory.onlineAmong(['ann', 'bob', 'cat', 'dan'])).toEqual(new Set(['ann', 'bob', 'cat']));
      expect(await directory.onlineAmong([])).toEqual(new Set());
    });

    it('answers who is left without a session: with the last one of a user, wherever it was', async () => {
      await directory.open('n1', [session('ann'), session('ann', 'ann-2'), session('bob')]);
      await directory.open('n2', [session('ann', 'ann-3')]);
      expect(await directory.close('n1', [session('ann'), session('bob')])).toEqual({
        userIds: ['bob'],
        sessionIds: ['ann-1', 'bob-1'],
      });
      expect(await directory.close('n1', [session('ann', 'ann-2')])).toEqual({ userIds: [], sessionIds: ['ann-2'] });
      expect(await directory.close('n2', [session('ann', 'ann-3')])).toEqual({
        userIds: ['ann'],
        sessionIds: ['ann-3'],
      });
      expect(await locateUsers('ann', 'bob')).toEqual({});
    });

    it('counts who left as online for a while, and answers once, over all instances, when that is over', async () => {
      const start = clock.at;
      await directory.open('n1', [session('ann'), session('bob'), session('cat')]);
      await directory.close('n1', [session('ann'), session('bob')]);
      clock.at = start + GRACE_MS - 1;
      expect(await directory.departed()).toEqual([]);
      expect(await other.onlineAmong(['ann', 'bob', 'cat'])).toEqual(new Set(['ann', 'bob', 'cat']));
      expect((await other.open('n2', [session('bob', 'bob-2')])).arrived).toEqual([]);
      clock.at = start + GRACE_MS;
      const answers = await Promise.all([directory.departed(), other.departed(), directory.departed()]);
      expect(answers.flat()).toEqual([{ userId: 'ann', lastSeenAt: start }]);
      expect(await directory.onlineAmong(['ann', 'bob', 'cat'])).toEqual(new Set(['bob', 'cat']));
      expect(await arrivedAt('n1', session('ann'))).toEqual(['ann']);
    });

    it('takes repeats as done', async () => {
      const { lease } = await directory.open('n1', [session('ann')]);
      expect(await directory.open('n1', [session('ann')])).toEqual({ arrived: [], lease });
      expect((await directory.close('n1', [session('ann'), session('ann')])).userIds).toEqual(['ann']);
      expect(await directory.close('n1', [session('ann')])).toEqual({ userIds: [], sessionIds: [] });
      expect(await directory.close('unknown', [session('ann')])).toEqual({ userIds: [], sessionIds: [] });
      expect(await directory.close('n1', [])).toEqual({ userIds: [], sessionIds: [] });
    });

    it('keeps a session alive that moves: the new node opens before the old one closes', async () => {
      await directory.open('n1', [session('ann')]);
      expect(await arrivedAt('n2', session('ann'))).toEqual([]);
      expect(await located({ sessionIds: ['ann-1'] })).toEqual({ n1: ['ann-1'], n2: ['ann-1'] });
      expect(await directory.close('n1', [session('ann')])).toEqual({ userIds: [], sessionIds: [] });
      expect(await locateUsers('ann')).toEqual({ n2: ['ann'] });
    });

    it('locates users, sessions and subscribers, and names no node without any', async () => {
      await directory.open('n1', [session('ann'), session('bob')]);
      await directory.open('n2', [session('ann', 'ann-2')]);
      await directory.subscribe('n2', ['world', 'other'], true);
      await other.subscribe('n3', ['world'], true);
      expect(await locateUsers('ann', 'bob', 'nobody')).toEqual({ n1: ['ann', 'bob'], n2: ['ann'] });
      expect((await directory.locate({ ...nothing, sessionIds: ['ann-2', 'gone'] })).nodes).toEqual([
        { ...nothing, nodeId: 'n2', sessionIds: ['ann-2'] },
      ]);
      expect(await located({ conversationIds: ['world', 'other', 'none'] })).toEqual({
        n2: ['other', 'world'],
        n3: ['world'],
      });
      expect(await located({}, other)).toEqual({});
    });

    it('locates at one instance what another has just been told', async () => {
      for (let node = 0; node < 20; node += 1) {
        await directory.open(`n${node}`, [session(`u${node}`)]);
        expect(await located({ userIds: [`u${node}`] }, other)).toEqual({ [`n${node}`]: [`u${node}`] });
      }
    });

    it('forgets a subscription when it ends', async () => {
      const lease = await directory.subscribe('n1', ['world', 'room'], true);
      expect(await directory.subscribe('n1', ['world'], true)).toBe(lease);
      await directory.subscribe('n1', ['world'], false);
      await directory.subscribe('unknown', ['world'], false);
      expect(await located({ conversationIds: ['world', 'room'] })).toEqual({ n1: ['room'] });
    });

    it('locates nothing of a node whose lease has ended, and answers once what ended with it', async () => {
      const start = clock.at;
      await directory.open('n1', [session('ann'), session('bob')]);
      await directory.subscribe('n1', ['world'], true);
      await directory.open('n2', [session('bob', 'bob-2')]);
      clock.at = start + LEASE_MS;
      const lease = await directory.renew('n2', '');
      expect(await directory.expire()).toEqual([]);
      clock.at = start + LEASE_MS + 1;
      expect(await locateUsers('ann', 'bob')).toEqual({ n2: ['bob'] });
      expect(await located({ conversationIds: ['world'] })).toEqual({});
      const answers = await Promise.all([directory.expire(), other.expire(), directory.expire(), other.expire()]);
      const [ended] = answers.flat();
      expect(answers.flat()).toHaveLength(1);
      expect(ended).toMatchObject({ nodeId: 'n1', seenAt: start, userIds: ['ann'] });
      expect([...(ended?.sessionIds ?? [])].sort()).toEqual(['ann-1', 'bob-1']);
      expect(await directory.expire()).toEqual([]);
      clock.at += GRACE_MS;
      expect(await directory.departed()).toEqual([{ userId: 'ann', lastSeenAt: start }]);
      expect(await directory.onlineAmong(['ann', 'bob'])).toEqual(new Set(['bob']));
      expect(await directory.renew('n2', '')).toBe(lease);
    });

    it('answers the same lease as long as it lives, and another one after that', async () => {
      const first = await directory.renew('n1', '');
      expect((await directory.open('n1', [session('ann')])).lease).toBe(first);
      expect(await other.subscribe('n1', ['world'], true)).toBe(first);
      expect(await directory.renew('n2', '')).not.toBe(first);
      clock.at += LEASE_MS;
      expect(await other.renew('n1', first)).toBe(first);
      clock.at += LEASE_MS;
      expect(await locateUsers('ann')).toEqual({ n1: ['ann'] });
      clock.at += 1;
      const second = await directory.renew('n1', first);
      expect(second).not.toBe(first);
      expect(await locateUsers('ann')).toEqual({});
      expect((await directory.open('n1', [session('ann')])).lease).toBe(second);
    });

    it('does not end what a node opened anew before its old lease was swept', async () => {
      await directory.open('n1', [session('ann'), session('bob')]);
      await directory.subscribe('n1', ['world'], true);
      clock.at += LEASE_MS + 1;
      expect(await arrivedAt('n1', session('ann'))).toEqual([]);
      await directory.subscribe('n1', ['world'], true);
      expect((await other.expire()).map(({ userIds, sessionIds }) => ({ userIds, sessionIds }))).toEqual([
        { userIds: ['bob'], sessionIds: ['bob-1'] },
      ]);
      expect(await locateUsers('ann', 'bob')).toEqual({ n1: ['ann'] });
      expect(await located({ conversationIds: ['world'], sessionIds: ['ann-1'] })).toEqual({ n1: ['ann-1', 'world'] });
      expect(await directory.onlineAmong(['ann', 'bob'])).toEqual(new Set(['ann', 'bob']));
    });

    it('settles a node that told everything under the lease in force, for as long as it says so', async () => {
      const lease = await directory.renew('n1', '');
      await directory.open('n2', [session('bob')]);
      expect(await settled()).toEqual([]);
      expect(await directory.renew('n1', 'another')).toBe(lease);
      expect(await settled(other)).toEqual([]);
      const before = (await directory.locate(nothing)).roster;
      await directory.renew('n1', lease);
      clock.at += 1500;
      expect(await settled()).toEqual(['n1']);
      const { roster } = await directory.locate(nothing);
      expect(roster).not.toBe(before);
      clock.at += SETTLED_MS;
      expect(await settled()).toEqual([]);
      expect((await directory.locate(nothing)).roster).toBe(before);
      await directory.renew('n1', lease);
      clock.at += 1500;
      expect((await directory.locate(nothing)).roster).toBe(roster);
    });

    it('knows nothing after a loss, says so at once, and takes everything anew', async () => {
      const { lease } = await directory.open('n1', [session('ann')]);
      await directory.subscribe('n1', ['world'], true);
      // What nodes said before an instance looked for the first time does not count for it.
      for (const instance of [directory, other]) expect(await settled(instance)).toEqual([]);
      await directory.renew('n1', lease);
      clock.at += 1500;
      expect(await settled()).toEqual(['n1']);
      expect(await settled(other)).toEqual(['n1']);
      await lose();
      for (const instance of [directory, other]) {
        expect(await located({ userIds: ['ann'], conversationIds: ['world'] }, instance)).toEqual({});
        expect(await settled(instance)).toEqual([]);
      }
      const begun = await directory.open('n1', [session('bob')]);
      expect(begun.lease).not.toBe(lease);
      expect(await settled(other)).toEqual([]);
      expect(await directory.renew('n1', lease)).toBe(begun.lease);
      expect(await settled(other)).toEqual([]);
      expect(await arrivedAt('n1', session('ann'), session('bob'))).toEqual(['ann']);
      await directory.renew('n1', begun.lease);
      clock.at += 1500;
      expect(await settled(other)).toEqual(['n1']);
      expect(await located({ userIds: ['ann', 'bob'] }, other)).toEqual({ n1: ['ann', 'bob'] });
    });

    it('agrees with itself when many come and go at once: each is answered online once and offline once', async () => {
      const sessions = Array.from({ length: 40 }, (_, index) => session('ann', `ann-${index}`));
      const at = (index: number) => (index % 3 === 0 ? other : directory);
      const opened = await Promise.all(sessions.map((it, index) => at(index).open(`n${index % 4}`, [it])));
      expect(opened.flatMap(({ arrived }) => arrived)).toEqual(['ann']);
      const closed = await Promise.all(sessions.map((it, index) => at(index + 1).close(`n${index % 4}`, [it])));
      expect(closed.flatMap((ended) => ended.userIds)).toEqual(['ann']);
      expect(closed.flatMap((ended) => ended.sessionIds)).toHaveLength(40);
      expect(await locateUsers('ann')).toEqual({});
    });

    it('takes a node with thousands of sessions, and ends it', async () => {
      const sessions = Array.from({ length: 3000 }, (_, index) => session(`u${index}`));
      for (let from = 0; from < 3000; from += 500) await directory.open('n1', sessions.slice(from, from + 500));
      await directory.subscribe(
        'n1',
        sessions.slice(0, 1200).map(({ userId }) => `c-${userId}`),
        true,
      );
      const ids = sessions.map(({ userId }) => userId);
      expect((await locateUsers(...ids))['n1']).toHaveLength(3000);
      clock.at += LEASE_MS + 1;
      const answers = (await Promise.all([directory.expire(), other.expire()])).flat();
      expect(new Set(answers.flatMap((one) => one.userIds))).toEqual(new Set(ids));
      expect(answers.flatMap((one) => one.sessionIds)).toHaveLength(3000);
      await lose();
    });
  });
}
