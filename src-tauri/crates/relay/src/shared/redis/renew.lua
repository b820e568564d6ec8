-- Keeps a live connection's lease, and claims it again where it ran out or Redis forgot it, unless a newer claim came.
-- A claim that was not kept is announced like a new one; others if that is wanted.
-- KEYS meta, lease, viewers, log, latest; ARGV fence, lease, owner, generation, join hash, lease ms, keep s, news, announce
local known = redis.call('HMGET', KEYS[1], 'fence', 'retired', 'epoch', 'run', 'top', 'generation')
if known[2] then return {'RETIRED'} end
local lease = redis.call('GET', KEYS[2])
if (known[1] and known[1] > ARGV[1]) or (lease and string.sub(lease, 1, 20) > ARGV[1]) then return {'FENCED'} end
local time = redis.call('TIME')
local kept = lease and known[1] == ARGV[1] and '1' or '0'
redis.call('HSET', KEYS[1], 'owner', ARGV[3], 'generation', ARGV[4], 'join', ARGV[5], 'fence', ARGV[1], 'seen', time[1])
redis.call('EXPIRE', KEYS[1], ARGV[7])
redis.call('EXPIRE', KEYS[4], ARGV[7])
redis.call('EXPIRE', KEYS[5], ARGV[7])
if known[5] and redis.call('XLEN', KEYS[4]) == 0 then
  -- Where the log is gone nobody may take it for there; what comes next follows as before.
  redis.call('HSET', KEYS[1], 'bytes', '0', 'floor', string.format('%.0f', tonumber(known[5]) + 1))
end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[6])
if kept == '0' or ARGV[9] == '1' then
  redis.call('PUBLISH', ARGV[8], 'C' .. ARGV[1] .. (known[6] and '0' or '1') .. ARGV[5])
end
local viewers = redis.call('ZCOUNT', KEYS[3], time[1], '+inf')
return {'OK', kept, tostring(viewers), known[3] or '', known[4] or '', known[5] or ''}
