-- A token bucket, kept as the time at which it will be full again (the generic cell rate algorithm).
-- KEYS[1] that time, in microseconds of Redis' clock; absent when the bucket is full
-- ARGV[1] how many tokens a full bucket holds; ARGV[2] microseconds in which one token comes back
-- Returns granted (0 or 1), tokens left, microseconds until there is one more, now.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local interval = tonumber(ARGV[2])
local full = tonumber(ARGV[1]) * interval
local stored = redis.call('GET', KEYS[1])
-- Never more than everything is missing: a clock that was set back makes the bucket empty, not empty for ever.
local missing = math.min(full, math.max(0, (stored and tonumber(stored) or now) - now))
local granted = 0
if missing + interval <= full then
  granted = 1
  missing = missing + interval
  -- Redis forgets by whole milliseconds of its own; one too late is right, one too early would be a gift.
  redis.call('SET', KEYS[1], string.format('%.0f', now + missing), 'PX', math.ceil(missing / 1000) + 1)
end
local left = math.floor((full - missing) / interval)
return {granted, left, missing + (left + 1) * interval - full, now}
