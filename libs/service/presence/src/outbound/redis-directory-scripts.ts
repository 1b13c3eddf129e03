/**
 * What the directory keeps in Redis, all under one prefix. A lease has a short random id, so that nothing is ever taken for what
 * a node told before; a user, a session and a conversation each hold the ids of the leases under which they are there.
 *
 *   nodes    hash  node id → its lease           names  hash  lease → node id, until nothing of it is left
 *   leases   zset  lease by its last sign of life seen   hash  ended lease → that sign of life
 *   settled  zset  lease by when all was told    ended  zset  ended lease by when somebody may begin to clear it
 *   u:<user> s:<session> c:<conversation>        string: lease ids with a space between; a user's once per session
 *   n:<lease> hash session → user                m:<lease>  set of conversations
 *   grace    zset  user by the end of the grace  left   hash  user → when last seen
 *   epoch    string: another one after every loss run   string: the Redis process that was told all this
 *
 * Every script: KEYS[1] the prefix; ARGV[1] the time, empty for Redis' own; ARGV[2] a new random id.
 */
const HEAD = `
local base = KEYS[1]
local at
if ARGV[1] ~= '' then at = tonumber(ARGV[1]) else
  local t = redis.call('TIME')
  at = t[1] * 1000 + math.floor(t[2] / 1000)
end
local LEASE, GRACE = $LEASE, $GRACE
-- A number as text: tostring writes large ones as 1.7e+12.
local function text(n) return string.format('%.0f', n) end
local function finish(lease, seen, due)
  local node = redis.call('HGET', base .. 'names', lease)
  redis.call('ZREM', base .. 'leases', lease)
  redis.call('ZREM', base .. 'settled', lease)
  redis.call('ZADD', base .. 'ended', due, lease)
  redis.call('HSET', base .. 'seen', lease, seen)
  if node and redis.call('HGET', base .. 'nodes', node) == lease then redis.call('HDEL', base .. 'nodes', node) end
end
local function begin(node)
  local lease = redis.call('HGET', base .. 'nodes', node)
  if lease then
    local seen = redis.call('ZSCORE', base .. 'leases', lease)
    if seen and at - tonumber(seen) <= LEASE then
      redis.call('ZADD', base .. 'leases', at, lease)
      return lease
    end
    finish(lease, seen or text(at), at)
  end
  lease = ARGV[2]
  redis.call('HSET', base .. 'nodes', node, lease)
  redis.call('HSET', base .. 'names', lease, node)
  redis.call('ZADD', base .. 'leases', at, lease)
  redis.call('SETNX', base .. 'epoch', ARGV[2])
  return lease
end
local function add(key, lease, once)
  local places = redis.call('GET', key)
  if not places then redis.call('SET', key, lease)
  elseif not once or not string.find(' ' .. places .. ' ', ' ' .. lease .. ' ', 1, true) then
    redis.call('APPEND', key, ' ' .. lease)
  end
  return places
end
-- Answers whether nothing is left of the key.
local function drop(key, lease)
  local places = redis.call('GET', key)
  if not places then return false end
  if places == lease then redis.call('DEL', key) return true end
  local rest, found = {}, false
  for one in string.gmatch(places, '%S+') do
    if one == lease and not found then found = true else rest[#rest + 1] = one end
  end
  if #rest == 0 then redis.call('DEL', key) else redis.call('SET', key, table.concat(rest, ' ')) end
  return #rest == 0
end
local function close(lease, session, user, lastSeen, users, sessions)
  if drop(base .. 'u:' .. user, lease) then
    redis.call('ZADD', base .. 'grace', at + GRACE, user)
    redis.call('HSET', base .. 'left', user, lastSeen)
    users[#users + 1] = user
  end
  if drop(base .. 's:' .. session, lease) then sessions[#sessions + 1] = session end
end
`;

/** How long one instance may take between two steps of clearing a lease before another goes on. */
const CLAIM_MS = 15_000;
/** After Redis came back with what it had saved: the nodes open anew first, so that nobody is taken for gone. */
const RETOLD_MS = 10_000;
/** Sessions cleared in one step, so that no script holds Redis up. */
const STEP = 500;

export function directoryScripts(leaseMs: number, graceMs: number) {
  const head = HEAD.replace('$LEASE', String(leaseMs)).replace('$GRACE', String(graceMs));
  return {
    /** ARGV: node, then session and user in turns. Answers the lease and who arrived. */
    open: `${head}
local lease, arrived = begin(ARGV[3]), {}
for i = 4, #ARGV, 2 do
  local session, user = ARGV[i], ARGV[i + 1]
  if redis.call('HSETNX', base .. 'n:' .. lease, session, user) == 1 then
    if not add(base .. 'u:' .. user, lease, false) then
      -- Back within the grace: nobody was told that it left.
      if redis.call('ZREM', base .. 'grace', user) == 1 then redis.call('HDEL', base .. 'left', user)
      else arrived[#arrived + 1] = user end
    end
    add(base .. 's:' .. session, lease, true)
  end
end
return { lease, arrived }`,

    /** ARGV: node, then sessions. Answers users and sessions that are nowhere now. */
    close: `${head}
local lease = redis.call('HGET', base .. 'nodes', ARGV[3])
local users, sessions = {}, {}
if not lease then return { users, sessions } end
for i = 4, #ARGV do
  local user = redis.call('HGET', base .. 'n:' .. lease, ARGV[i])
  if user then
    redis.call('HDEL', base .. 'n:' .. lease, ARGV[i])
    close(lease, ARGV[i], user, text(at), users, sessions)
  end
end
return { users, sessions }`,

    /** ARGV: node, told lease. Answers the lease in force. */
    renew: `${head}
-- Another process than the one that was told: it has what it saved, or what had reached the replica. Nothing of that counts.
local process = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''
local before = redis.call('GET', base .. 'run')
if before ~= process then
  if before then
    local leases = redis.call('ZRANGE', base .. 'leases', 0, -1, 'WITHSCORES')
    for i = 1, #leases, 2 do finish(leases[i], leases[i + 1], at + ${RETOLD_MS}) end
    redis.call('DEL', base .. 'epoch')
  end
  redis.call('SET', base .. 'run', process)
end
local lease = begin(ARGV[3])
if ARGV[4] == lease then redis.call('ZADD', base .. 'settled', at, lease) end
return lease`,

    /** ARGV: node, 1 or 0, conversations. Answers the lease, or nothing. */
    subscribe: `${head}
if ARGV[4] == '1' then
  local lease = begin(ARGV[3])
  for i = 5, #ARGV do
    if redis.call('SADD', base .. 'm:' .. lease, ARGV[i]) == 1 then add(base .. 'c:' .. ARGV[i], lease, true) end
  end
  return lease
end
local lease = redis.call('HGET', base .. 'nodes', ARGV[3])
if lease then
  for i = 5, #ARGV do
    if redis.call('SREM', base .. 'm:' .. lease, ARGV[i]) == 1 then drop(base .. 'c:' .. ARGV[i], lease) end
  end
end
return ''`,

    /** Claims one ended lease. Answers lease, node and last sign of life, or nothing. */
    claim: `${head}
local over = redis.call('ZRANGEBYSCORE', base .. 'leases', '-inf', '(' .. text(at - LEASE), 'WITHSCORES')
for i = 1, #over, 2 do finish(over[i], over[i + 1], at) end
local lease = redis.call('ZRANGEBYSCORE', base .. 'ended', '-inf', text(at), 'LIMIT', 0, 1)[1]
if not lease then return {} end
redis.call('ZADD', base .. 'ended', at + ${CLAIM_MS}, lease)
return { lease, redis.call('HGET', base .. 'names', lease) or '', redis.call('HGET', base .. 'seen', lease) or text(at) }`,

    /** ARGV: lease. Clears a part of it. Answers users, sessions, and 1 when nothing is left. */
    clear: `${head}
local lease, users, sessions = ARGV[3], {}, {}
if not redis.call('ZSCORE', base .. 'ended', lease) then return { users, sessions, 1 } end
local seen = redis.call('HGET', base .. 'seen', lease) or text(at)
local held = redis.call('HRANDFIELD', base .. 'n:' .. lease, ${STEP}, 'WITHVALUES')
for i = 1, #held, 2 do
  redis.call('HDEL', base .. 'n:' .. lease, held[i])
  close(lease, held[i], held[i + 1], seen, users, sessions)
end
local conversations = redis.call('SPOP', base .. 'm:' .. lease, ${STEP})
for _, id in ipairs(conversations) do drop(base .. 'c:' .. id, lease) end
if #held > 0 or #conversations > 0 then
  redis.call('ZADD', base .. 'ended', at + ${CLAIM_MS}, lease)
  return { users, sessions, 0 }
end
redis.call('ZREM', base .. 'ended', lease)
redis.call('HDEL', base .. 'names', lease)
redis.call('HDEL', base .. 'seen', lease)
return { users, sessions, 1 }`,

    /** Answers user and time in turns, at most ${STEP} users. */
    departed: `${head}
local users = redis.call('ZRANGEBYSCORE', base .. 'grace', '-inf', text(at), 'LIMIT', 0, ${STEP})
local gone = {}
for _, user in ipairs(users) do
  gone[#gone + 1] = user
  gone[#gone + 1] = redis.call('HGET', base .. 'left', user) or text(at)
  redis.call('ZREM', base .. 'grace', user)
  redis.call('HDEL', base .. 'left', user)
end
return gone`,

    /** Answers the time, the epoch, and for each lease: id, node, last sign of life, when settled. */
    roster: `${head}
local answer = { text(at), redis.call('GET', base .. 'epoch') or '' }
local leases = redis.call('ZRANGE', base .. 'leases', 0, -1, 'WITHSCORES')
for i = 1, #leases, 2 do
  answer[#answer + 1] = leases[i]
  answer[#answer + 1] = redis.call('HGET', base .. 'names', leases[i]) or ''
  answer[#answer + 1] = leases[i + 1]
  answer[#answer + 1] = redis.call('ZSCORE', base .. 'settled', leases[i]) or '0'
end
return answer`,
  };
}

export type DirectoryScripts = ReturnType<typeof directoryScripts>;
/** Most users that `departed` answers at once. */
export const DEPARTED_AT_ONCE = STEP;
