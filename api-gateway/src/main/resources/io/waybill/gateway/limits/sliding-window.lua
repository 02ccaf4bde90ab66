-- A log of what was granted in the last window.
-- KEYS[1] a list of times, in microseconds of Redis' clock, the oldest first
-- ARGV[1] how many are granted in any window; ARGV[2] its length in microseconds
-- Returns granted (0 or 1), how many are left, microseconds until there is one more, now.
local key = KEYS[1]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local quota, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local function at(index)
  return tonumber(redis.call('LINDEX', key, index) or nil)
end
-- Redis forgets by whole milliseconds of its own; one too late is right, one too early would be a gift.
local memory = math.ceil(window / 1000) + 2
local newest = at(-1)
if newest and newest > now then
  -- The clock was set back: when it all happened is no longer known, so it counts as just now.
  local count = redis.call('LLEN', key)
  redis.call('DEL', key)
  for _ = 1, count do
    redis.call('RPUSH', key, string.format('%.0f', now))
  end
  redis.call('PEXPIRE', key, memory)
end
local oldest = at(0)
while oldest and now - oldest > window do
  redis.call('LPOP', key)
  oldest = at(0)
end
local count = redis.call('LLEN', key)
local granted = 0
if count < quota then
  granted = 1
  count = count + 1
  redis.call('RPUSH', key, string.format('%.0f', now))
  redis.call('PEXPIRE', key, memory)
end
-- Where the quota was lowered meanwhile, more than the oldest must leave first.
local next = at(math.max(0, count - quota))
return {granted, math.max(0, quota - count), next + window + 1 - now, now}
