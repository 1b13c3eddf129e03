import type { Clock } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { LEASE_MS, type SessionDirectory } from '../ports/session-directory.js';
import { FakeClock } from './fakes.js';

const session = (userId: string, sessionId = `${userId}-1`) => ({ userId, sessionId });
const nothing = { userIds: [], conversationIds: [], sessionIds: [] };

/** What every session directory does. Users, sessions and nodes are named per test, so an engine may be shared. */
export function sessionDirectoryContract(name: string, make: (clock: Clock) => Promise<SessionDirectory>): void {
  describe(`session directory: ${name}`, () => {
    let clock: FakeClock;
    let directory: SessionDirectory;

    beforeEach(async () => {
      clock = new FakeClock();
      directory = await make(clock);
    });

    const locateUsers = async (...userIds: string[]) =>
      Object.fromEntries(
        (await directory.locate({ ...nothing, userIds })).map((node) => [node.nodeId, [...node.userIds].sort()]),
      );

    it('answers who came online: the first session of a user, wherever it is', async () => {
      expect(await directory.open('n1', [session('ann'), session('bob')])).toEqual(['ann', 'bob']);
      expect(await directory.open('n1', [session('ann', 'ann-2')])).toEqual([]);
      expect(await directory.open('n2', [session('bob', 'bob-2'), session('cat'), session('cat', 'cat-2')])).toEqual([
        'cat',
      ]);
      expect(await directory.onlineAmong(['ann', 'bob', 'cat', 'dan'])).toEqual(new Set(['ann', 'bob', 'cat']));
    });

    it('answers who went offline: the last session of a user, wherever it was', async () => {
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
      expect(await directory.onlineAmong(['ann', 'bob'])).toEqual(new Set());
    });

    it('takes repeats as done', async () => {
      await directory.open('n1', [session('ann')]);
      expect(await directory.open('n1', [session('ann')])).toEqual([]);
      expect((await directory.close('n1', [session('ann'), session('ann')])).userIds).toEqual(['ann']);
      expect(await directory.close('n1', [session('ann')])).toEqual({ userIds: [], sessionIds: [] });
      expect(await directory.close('unknown', [session('ann')])).toEqual({ userIds: [], sessionIds: [] });
    });

    it('keeps a session alive that moves: the new node opens before the old one closes', async () => {
      await directory.open('n1', [session('ann')]);
      expect(await directory.open('n2', [session('ann')])).toEqual([]);
      expect(await directory.close('n1', [session('ann')])).toEqual({ userIds: [], sessionIds: [] });
      expect(await locateUsers('ann')).toEqual({ n2: ['ann'] });
    });

    it('locates users, sessions and subscribers, and names no node without any', async () => {
      await directory.open('n1', [session('ann'), session('bob')]);
      await directory.open('n2', [session('ann', 'ann-2')]);
      await directory.subscribe('n2', 'world', true);
      await directory.subscribe('n3', 'world', true);
      expect(await locateUsers('ann', 'bob', 'nobody')).toEqual({ n1: ['ann', 'bob'], n2: ['ann'] });
      expect(await directory.locate({ ...nothing, sessionIds: ['ann-2', 'gone'] })).toEqual([
        { ...nothing, nodeId: 'n2', sessionIds: ['ann-2'] },
      ]);
      const nodes = await directory.locate({ ...nothing, conversationIds: ['world', 'other'] });
      expect(nodes.map((node) => [node.nodeId, node.conversationIds]).sort()).toEqual([
        ['n2', ['world']],
        ['n3', ['world']],
      ]);
      expect(await directory.locate(nothing)).toEqual([]);
    });

    it('forgets a subscription when it ends', async () => {
      await directory.subscribe('n1', 'world', true);
      await directory.subscribe('n1', 'world', true);
      await directory.subscribe('n1', 'world', false);
      await directory.subscribe('unknown', 'world', false);
      expect(await directory.locate({ ...nothing, conversationIds: ['world'] })).toEqual([]);
    });

    it('locates nothing of a node whose lease has ended, and answers once what ended with it', async () => {
      const start = clock.at;
      await directory.open('n1', [session('ann'), session('bob')]);
      await directory.subscribe('n1', 'world', true);
      await directory.open('n2', [session('bob', 'bob-2')]);
      clock.at = start + LEASE_MS;
      expect(await directory.renew('n2')).toBe(true);
      expect(await directory.expire()).toEqual([]);
      clock.at = start + LEASE_MS + 1;
      expect(await locateUsers('ann', 'bob')).toEqual({ n2: ['bob'] });
      expect(await directory.locate({ ...nothing, conversationIds: ['world'] })).toEqual([]);
      expect(await directory.onlineAmong(['ann', 'bob'])).toEqual(new Set(['bob']));
      expect(await directory.expire()).toEqual([
        { nodeId: 'n1', seenAt: start, userIds: ['ann'], sessionIds: ['ann-1', 'bob-1'] },
      ]);
      expect(await directory.expire()).toEqual([]);
    });

    it('renews only what it knows: a forgotten node opens its sessions anew', async () => {
      expect(await directory.renew('n1')).toBe(false);
      await directory.open('n1', [session('ann')]);
      clock.at += LEASE_MS - 1;
      expect(await directory.renew('n1')).toBe(true);
      clock.at += LEASE_MS - 1;
      expect(await locateUsers('ann')).toEqual({ n1: ['ann'] });
      clock.at += 2;
      expect(await directory.renew('n1')).toBe(false);
      await directory.expire();
      expect(await directory.open('n1', [session('ann')])).toEqual(['ann']);
      expect(await locateUsers('ann')).toEqual({ n1: ['ann'] });
    });

    it('agrees with itself when many come and go at once: each is answered online once and offline once', async () => {
      const sessions = Array.from({ length: 40 }, (_, index) => session('ann', `ann-${index}`));
      const opened = await Promise.all(sessions.map((one, index) => directory.open(`n${index % 4}`, [one])));
      expect(opened.flat()).toEqual(['ann']);
      const closed = await Promise.all(sessions.map((one, index) => directory.close(`n${index % 4}`, [one])));
      expect(closed.flatMap((ended) => ended.userIds)).toEqual(['ann']);
      expect(closed.flatMap((ended) => ended.sessionIds)).toHaveLength(40);
      expect(await locateUsers('ann')).toEqual({});
    });
  });
}
