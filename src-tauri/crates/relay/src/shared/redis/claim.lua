-- Claims a channel: it is free, held by the same program, or its holder is the one that was found silent.
-- KEYS meta, log, latest, lease; ARGV relay, process, run, label, owner, generation, join hash, silent fence, lease ms, keep s, news
if redis.call('HGET', KEYS[1], 'retired') then return {'RETIRED'} end
local time = redis.call('TIME')
local fence = tonumber(time[1]) * 1000000 + tonumber(time[2])
local lease = redis.call('GET', KEYS[4])
if lease then
  local held = string.sub(lease, 1, 20)
  if string.sub(lease, 37, 52) ~= ARGV[2] and held ~= ARGV[8] then return {'HELD', lease} end
  fence = math.max(fence, tonumber(held) + 1)
end
local known = redis.call('HMGET', KEYS[1], 'fence', 'generation')
-- Rises also where Redis forgot the last one: the time has risen.
if known[1] then fence = math.max(fence, tonumber(known[1]) + 1) end
fence = string.format('%020.0f', fence)
if known[2] and known[2] ~= ARGV[6] then
  -- What was sealed under the old code is of no use to holders of the new one.
  redis.call('DEL', KEYS[2])
  redis.call('HDEL', KEYS[1], 'epoch', 'run', 'floor', 'top', 'bytes')
end
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[1], 'owner', ARGV[5], 'generation', ARGV[6], 'join', ARGV[7], 'fence', fence, 'seen', time[1])
redis.call('EXPIRE', KEYS[1], ARGV[10])
redis.call('EXPIRE', KEYS[2], ARGV[10])
redis.call('SET', KEYS[4], fence .. ARGV[1] .. ARGV[2] .. ARGV[3] .. ARGV[4], 'PX', ARGV[9])
local first = known[2] and '0' or '1'
redis.call('PUBLISH', ARGV[11], 'C' .. fence .. first .. ARGV[7])
local at = redis.call('HMGET', KEYS[1], 'epoch', 'run', 'top')
return {'YES', fence, first, at[1] or '', at[2] or '', at[3] or ''}
