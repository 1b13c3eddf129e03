import type { RedisScript, RedisStore } from '@parley/adapter-redis';
import { type WatchingPage, WatchRegistry } from '@parley/core-presence';

const BASE = 'w:';
const PAGE = 1000;

/**
 * Watches that all presence services share. Both ways round, changed together:
 *   u:<user> hash session → who watches     s:<session> set of users     all: set of sessions that watch anybody
 */
const WATCH = `
local base, session, actor = KEYS[1], ARGV[1], ARGV[2]
for i = 3, #ARGV do
  redis.call('SADD', base .. 's:' .. session, ARGV[i])
  redis.call('HSET', base .. 'u:' .. ARGV[i], session, actor)
end
if #ARGV > 2 then redis.call('SADD', base .. 'all', session) end
return redis.call('SCARD', base .. 's:' .. session)`;

const UNWATCH = `
local base, session = KEYS[1], ARGV[1]
for i = 2, #ARGV do
  redis.call('SREM', base .. 's:' .. session, ARGV[i])
  redis.call('HDEL', base .. 'u:' .. ARGV[i], session)
end
if redis.call('EXISTS', base .. 's:' .. session) == 0 then redis.call('SREM', base .. 'all', session) end
return 1`;

const DROP = `
local base = KEYS[1]
for _, session in ipairs(ARGV) do
  if redis.call('SREM', base .. 'all', session) == 1 then
    for _, user in ipairs(redis.call('SMEMBERS', base .. 's:' .. session)) do
      redis.call('HDEL', base .. 'u:' .. user, session)
    end
    redis.call('DEL', base .. 's:' .. session)
  end
end
return 1`;

/** Sessions dropped by one script: each may watch a thousand users. */
const DROPPED_AT_ONCE = 20;

export class RedisWatchRegistry extends WatchRegistry {
  private readonly watching: RedisScript;
  private readonly unwatching: RedisScript;
  private readonly dropping: RedisScript;

  constructor(private readonly redis: RedisStore) {
    super();
    this.watching = redis.script('presence:watch', WATCH, 1);
    this.unwatching = redis.script('presence:unwatch', UNWATCH, 1);
    this.dropping = redis.script('presence:drop', DROP, 1);
  }

  async watch(sessionId: string, actorId: string, userIds: readonly string[]): Promise<number> {
    return (await this.watching([BASE], [sessionId, actorId, ...userIds])) as number;
  }

  async unwatch(sessionId: string, userIds: readonly string[]): Promise<void> {
    if (userIds.length > 0) await this.unwatching([BASE], [sessionId, ...userIds]);
  }

  async drop(sessionIds: readonly string[]): Promise<void> {
    const steps: Promise<unknown>[] = [];
    for (let from = 0; from < sessionIds.length; from += DROPPED_AT_ONCE)
      steps.push(this.dropping([BASE], sessionIds.slice(from, from + DROPPED_AT_ONCE)));
    await Promise.all(steps);
  }

  async watchersOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    if (userIds.length === 0) return new Map();
    const sessions = await this.redis.run((client) =>
      Promise.all(userIds.map((userId) => client.hkeys(`${BASE}u:${userId}`))),
    );
    return new Map(
      userIds.flatMap((userId, i): [string, string[]][] => {
        const its = sessions[i] as string[];
        return its.length === 0 ? [] : [[userId, its]];
      }),
    );
  }

  async sessionsWatching(actorId: string, userId: string): Promise<string[]> {
    const watchers = await this.redis.run((client) => client.hgetall(`${BASE}u:${userId}`));
    return Object.entries(watchers).flatMap(([sessionId, actor]) => (actor === actorId ? [sessionId] : []));
  }

  async sessions(from: string): Promise<WatchingPage> {
    const [next, sessionIds] = await this.redis.run((client) =>
      client.sscan(`${BASE}all`, from === '' ? '0' : from, 'COUNT', PAGE),
    );
    return { sessionIds, next: next === '0' ? '' : next };
  }
}
