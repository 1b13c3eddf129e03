import type { RedisScript, RedisStore } from '@parley/adapter-redis';
import type { Clock } from '@parley/kernel';
import { type Allowance, SharedAllowance, type Use } from './shared-allowance.js';

const BASE = 'limit:';
/** Keys booked by one script, so that none holds Redis up for long. */
const AT_ONCE = 250;

/** ARGV: the time or nothing, per second, burst, then key and count in turns. A bucket is gone by itself once it is full again. */
const BOOK = `
local base, per, burst = KEYS[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local at = tonumber(ARGV[1])
if not at then
  local t = redis.call('TIME')
  at = t[1] * 1000 + math.floor(t[2] / 1000)
end
local answer = {}
for i = 4, #ARGV, 2 do
  local key, left = base .. ARGV[i], burst
  local held = redis.call('GET', key)
  if held then
    local was, since = string.match(held, '(%S+) (%S+)')
    left = math.min(burst, tonumber(was) + math.max(at - tonumber(since), 0) / 1000 * per)
  end
  left = math.max(left - tonumber(ARGV[i + 1]), -burst)
  local text = string.format('%.3f', left)
  redis.call('SET', key, text .. ' ' .. string.format('%.0f', at), 'PX', math.ceil((burst - left) / per * 1000) + 1000)
  answer[#answer + 1] = text
end
return answer`;

export class RedisSharedAllowance extends SharedAllowance {
  private readonly script: RedisScript;

  constructor(
    redis: RedisStore,
    /** Whose time counts. Redis' own when absent: the clocks of several gateways may differ. */
    private readonly clock?: Clock,
  ) {
    super();
    this.script = redis.script('limits:book', BOOK, 1);
  }

  async book(uses: readonly Use[], { perSecond, burst }: Allowance): Promise<number[]> {
    const now = this.clock?.now() ?? '';
    const steps: Promise<unknown>[] = [];
    for (let from = 0; from < uses.length; from += AT_ONCE) {
      const args = uses.slice(from, from + AT_ONCE).flatMap(({ key, count }) => [key, count]);
      steps.push(this.script([BASE], [now, perSecond, burst, ...args]));
    }
    return ((await Promise.all(steps)) as string[][]).flat().map(Number);
  }
}
