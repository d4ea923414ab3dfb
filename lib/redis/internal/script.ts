/**
 * The engine: one script that runs at the server, where it is alone. Each request of a session is one run of it. What a run does
 * twice, it does once: a place is entered, granted and returned by its id.
 *
 * ```
 *   KEYS   held    a hash: the id of a place → when its lease ends, and its token
 *          line    a sorted set: the ids of the places that wait, in order
 *          alive   a sorted set: the sessions that wait → when they are dead, unless they are heard of before
 *          info    a hash: `token`, the last one, and `heard`, when the script ran last
 *
 *   ARGV   session, value, silence, mode, older, asked, channel, then the operations, in the order of the callers:
 *          -id   the place is returned, or its caller has left
 *          +id   the place waits
 *          ?id   the place is granted now, or not at all
 *
 *   id       <session>:<number>:<weight>     so that no table of weights, leases and processes is needed
 *   session  <process>.<number>.<lease>
 * ```
 *
 * The comments stand between the parts, so that they are not in bundles. All times are the server's, in milliseconds. `asked` is
 * when the session has asked first without an answer, as far as it knows the server's clock.
 */

/** `value` is what this caller says. So the session that came last decides, and a new release of a program can change it. */
const beginning = `
local held, line, alive, info = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local me, mode, older, channel = ARGV[1], ARGV[4], ARGV[5], ARGV[7]
local value, silence, asked = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[6])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local function sessionOf(id) return string.match(id, '^[^:]+') end
local function weightOf(id) return tonumber(string.match(id, '%d+$')) end
local function leaseOf(id) return tonumber(string.match(id, '%.(%d+):')) end
`;

/** A lease that has ended is forgotten here. Its holder has stopped to believe in it before. */
const holders = `
local used, tokens, ends = 0, {}, {}
local stored = redis.call('HGETALL', held)
for i = 1, #stored, 2 do
  local id, ending, token = stored[i], string.match(stored[i + 1], '^(%d+) (%d+)$')
  if tonumber(ending) > now then
    tokens[id], ends[id], used = token, tonumber(ending), used + weightOf(id)
  else
    redis.call('HDEL', held, id)
  end
end
local function hold(id, token)
  tokens[id], ends[id] = token, now + leaseOf(id)
  redis.call('HSET', held, id, text(ends[id]) .. ' ' .. token)
end
`;

/**
 * Counters fall when data is lost. So a token is not less than the microseconds of the clock, and one more than the last one.
 * `PUBLISH` can be forbidden: then the session finds its grant by itself.
 */
const grants = `
local last = tonumber(redis.call('HGET', info, 'token') or 0)
local granted = {}
local function grant(id)
  last = math.max(last + 1, time[1] * 1000000 + time[2])
  hold(id, text(last))
  used = used + weightOf(id)
  if sessionOf(id) == me then
    granted[#granted + 1] = id
  else
    redis.pcall('PUBLISH', channel .. string.match(id, '^[^.]+'), id .. ' ' .. text(last))
  end
end
`;

/**
 * Silence is counted while somebody is heard. When the server was away, all sessions were silent, and none is dead. Two things tell
 * of that, if nobody was heard of for longer than a poll and a way through the network: the server has been started since, or this
 * request was asked long ago, and arrives only now. So that time is added for all sessions, and some time to come back. `INFO` can be
 * forbidden: then only the requests tell.
 */
const liveness = `
local heard = tonumber(redis.call('HGET', info, 'heard') or now)
if now - heard > silence / 5 + 100 and redis.call('EXISTS', alive) == 1 then
  local server = redis.pcall('INFO', 'server')
  local uptime = type(server) == 'string' and string.match(server, 'uptime_in_seconds:(%d+)') or now
  local away = uptime * 1000 < now - heard and now - heard or now - math.max(asked, heard)
  if away > silence / 5 + 100 then
    for _, session in ipairs(redis.call('ZRANGE', alive, 0, -1)) do
      redis.call('ZINCRBY', alive, text(away + silence), session)
    end
  end
end
redis.call('ZREMRANGEBYSCORE', alive, '-inf', text(now))
local known = redis.call('ZSCORE', alive, me)
`;

const returns = `
for i = 8, #ARGV do
  local id = string.sub(ARGV[i], 2)
  if string.sub(ARGV[i], 1, 1) == '-' then
    if tokens[id] then
      redis.call('HDEL', held, id)
      tokens[id], used = nil, used - weightOf(id)
    else
      redis.call('ZREM', line, id)
    end
  end
end
`;

/**
 * Gives the turn to the head of the line, again and again. A head whose session is dead has no turn. A head that does not fit is
 * not overtaken.
 */
const turns = `
local function pass()
  while true do
    local head = redis.call('ZRANGE', line, 0, 0)[1]
    if not head then return end
    if not redis.call('ZSCORE', alive, sessionOf(head)) then
      redis.call('ZREM', line, head)
    elseif used + weightOf(head) > value then
      return
    else
      redis.call('ZREM', line, head)
      grant(head)
    end
  end
end
`;

/**
 * A session that was taken for dead has lost its turns. It enters anew at the end, in the order of its callers. So it must name all
 * of them: if it names only new ones, and there are older ones, nothing is entered and the status is 'unknown'.
 */
const entries = `
local status, entering = 'ok', {}
if mode == 'some' and older == '1' and not known then
  status = 'unknown'
else
  for i = 8, #ARGV do
    if string.sub(ARGV[i], 1, 1) ~= '-' then entering[#entering + 1] = ARGV[i] end
  end
end
if not known then
  for _, entry in ipairs(entering) do redis.call('ZREM', line, string.sub(entry, 2)) end
elseif older == '1' or #entering > 0 then
  redis.call('ZADD', alive, text(now + silence), me)
else
  redis.call('ZREM', alive, me)
end
pass()
for _, entry in ipairs(entering) do
  local id = string.sub(entry, 2)
  if tokens[id] then
    granted[#granted + 1] = id
  elseif not redis.call('ZSCORE', line, id) then
    if redis.call('ZCARD', line) == 0 and used + weightOf(id) <= value then
      grant(id)
    elseif string.sub(entry, 1, 1) == '+' then
      local tail = redis.call('ZRANGE', line, -1, -1, 'WITHSCORES')[2] or 0
      redis.call('ZADD', line, text(tail + 1), id)
      redis.call('ZADD', alive, text(now + silence), me)
    end
  end
end
`;

/**
 * What is named in the answer is renewed, since the session counts from the sending of this request. In the mode 'all' that is all
 * that the session holds. If the session has the head of the line, the answer says when the next lease ends.
 */
const answer = `
if mode == 'all' then
  granted = {}
  for id in pairs(tokens) do
    if sessionOf(id) == me then granted[#granted + 1] = id end
  end
end
local next, count = -1, 0
for id, ending in pairs(ends) do
  if tokens[id] then
    count = count + 1
    if next < 0 or ending - now < next then next = ending - now end
  end
end
local head = redis.call('ZRANGE', line, 0, 0)[1]
if not head or sessionOf(head) ~= me then next = -1 end
local reply = { status, text(last), text(next), text(count), text(redis.call('ZCARD', line)), text(now) }
for _, id in ipairs(granted) do
  hold(id, tokens[id])
  reply[#reply + 1] = string.match(id, ':(.*)') .. ' ' .. tokens[id]
end
redis.call('HSET', info, 'token', text(last), 'heard', text(now))
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 86400000) end
return reply
`;

export const script = [beginning, holders, grants, liveness, returns, turns, entries, answer].join('');
