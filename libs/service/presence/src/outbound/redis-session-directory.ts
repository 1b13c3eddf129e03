import type { RedisScript, RedisStore } from '@parley/adapter-redis';
import {
  type Departed,
  type Ended,
  GRACE_MS,
  LEASE_MS,
  type LiveSession,
  type Located,
  type NodeTargets,
  type Opened,
  SessionDirectory,
  type Whereabouts,
} from '@parley/core-presence';
import type { Clock } from '@parley/kernel';
import { randomBytes } from 'node:crypto';
import { DEPARTED_AT_ONCE, type DirectoryScripts, directoryScripts } from './redis-directory-scripts.js';
import { Roster } from './redis-roster.js';

const BASE = 'p:';

/**
 * The directory that all presence services share. Whatever changes it is one script, so that two instances never see half of it.
 * `locate`, which stands in the path of every message, is one MGET: the ids of leases that it finds are looked up in a roster that
 * this instance keeps and that is as new as the epoch in the same answer.
 */
export class RedisSessionDirectory extends SessionDirectory {
  private readonly scripts: Record<keyof DirectoryScripts, RedisScript>;
  private readonly roster: Roster;

  constructor(
    private readonly redis: RedisStore,
    /** Whose time counts. Redis' own when absent: the clocks of several services may differ. */
    private readonly clock?: Clock,
  ) {
    super();
    const source = directoryScripts(LEASE_MS, GRACE_MS);
    this.scripts = Object.fromEntries(
      Object.entries(source).map(([name, lua]) => [name, redis.script(`presence:${name}`, lua, 1)]),
    ) as typeof this.scripts;
    this.roster = new Roster(() => this.call('roster') as Promise<string[]>, redis, clock);
  }

  async open(nodeId: string, sessions: readonly LiveSession[]): Promise<Opened> {
    const pairs = sessions.flatMap(({ sessionId, userId }) => [sessionId, userId]);
    const [lease, arrived] = (await this.call('open', nodeId, ...pairs)) as [string, string[]];
    return { lease, arrived };
  }

  async close(nodeId: string, sessions: readonly LiveSession[]): Promise<Ended> {
    if (sessions.length === 0) return { userIds: [], sessionIds: [] };
    const ids = sessions.map(({ sessionId }) => sessionId);
    const [userIds, sessionIds] = (await this.call('close', nodeId, ...ids)) as [string[], string[]];
    return { userIds, sessionIds };
  }

  async renew(nodeId: string, told: string): Promise<string> {
    return (await this.call('renew', nodeId, told)) as string;
  }

  async subscribe(nodeId: string, conversationIds: readonly string[], subscribed: boolean): Promise<string> {
    return (await this.call('subscribe', nodeId, subscribed ? '1' : '0', ...conversationIds)) as string;
  }

  /** A lease is claimed by one instance, and by another where that one did not get to its end. */
  async expire(): Promise<(Ended & { nodeId: string; seenAt: number })[]> {
    const ended: (Ended & { nodeId: string; seenAt: number })[] = [];
    for (;;) {
      const [lease, nodeId, seenAt] = (await this.call('claim')) as string[];
      if (lease === undefined) return ended;
      const its: Ended = { userIds: [], sessionIds: [] };
      for (let isOver = false; !isOver; ) {
        const [users, sessions, over] = (await this.call('clear', lease)) as [string[], string[], number];
        its.userIds.push(...users);
        its.sessionIds.push(...sessions);
        isOver = over === 1;
      }
      ended.push({ nodeId: nodeId as string, seenAt: Number(seenAt), ...its });
    }
  }

  async departed(): Promise<Departed[]> {
    const gone: Departed[] = [];
    for (;;) {
      const answer = (await this.call('departed')) as string[];
      for (let i = 0; i < answer.length; i += 2)
        gone.push({ userId: answer[i] as string, lastSeenAt: Number(answer[i + 1]) });
      if (answer.length < 2 * DEPARTED_AT_ONCE) return gone;
    }
  }

  async locate({ userIds, sessionIds, conversationIds }: Whereabouts): Promise<Located> {
    const keys = [`${BASE}epoch`];
    for (const id of userIds) keys.push(`${BASE}u:${id}`);
    for (const id of sessionIds) keys.push(`${BASE}s:${id}`);
    for (const id of conversationIds) keys.push(`${BASE}c:${id}`);
    const [epoch, ...places] = await this.redis.run((client) => client.mget(keys));
    await this.roster.follow(epoch ?? '');
    const found = new Map<string, NodeTargets>();
    let index = 0;
    for (const [part, ids] of [
      ['userIds', userIds],
      ['sessionIds', sessionIds],
      ['conversationIds', conversationIds],
    ] as const)
      for (const id of ids) {
        const leases = places[index];
        index += 1;
        if (leases != null) await this.place(found, part, id, leases);
      }
    const { name, settledNodeIds } = this.roster;
    return { nodes: [...found.values()], roster: name, settledNodeIds };
  }

  async onlineAmong(userIds: readonly string[]): Promise<Set<string>> {
    if (userIds.length === 0) return new Set();
    const [places, grace] = await this.redis.run((client) =>
      Promise.all([client.mget(userIds.map((id) => `${BASE}u:${id}`)), client.zmscore(`${BASE}grace`, ...userIds)]),
    );
    return new Set(userIds.filter((_, i) => places[i] !== null || grace[i] !== null));
  }

  private async place(
    found: Map<string, NodeTargets>,
    part: 'userIds' | 'sessionIds' | 'conversationIds',
    id: string,
    leases: string,
  ): Promise<void> {
    const isOne = !leases.includes(' ');
    for (const lease of isOne ? [leases] : new Set(leases.split(' '))) {
      // Known nearly always; without `await` then, as this runs for everybody who is asked for.
      const known = this.roster.nodeOf(lease);
      const nodeId = known instanceof Promise ? await known : known;
      if (nodeId === undefined) continue;
      let targets = found.get(nodeId);
      if (targets === undefined) {
        targets = { nodeId, userIds: [], conversationIds: [], sessionIds: [] };
        found.set(nodeId, targets);
      }
      // Under an old lease of the same node as well: once is enough.
      if (isOne || targets[part].at(-1) !== id) targets[part].push(id);
    }
  }

  private call(name: keyof DirectoryScripts, ...args: string[]): Promise<unknown> {
    const now = this.clock === undefined ? '' : String(this.clock.now());
    return this.scripts[name]([BASE], [now, randomBytes(6).toString('base64url'), ...args]);
  }
}
