-- Gives the channel up for ever; what remains is that it was.
-- KEYS meta, log, latest, lease; ARGV fence, keep s, news
local known = redis.call('HMGET', KEYS[1], 'fence', 'retired')
if known[2] then return {'RETIRED'} end
local lease = redis.call('GET', KEYS[4])
if not lease or string.sub(lease, 1, 20) ~= ARGV[1] or known[1] ~= ARGV[1] then return {'FENCED'} end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
redis.call('HDEL', KEYS[1], 'epoch', 'run', 'floor', 'top', 'bytes')
redis.call('HSET', KEYS[1], 'retired', '1')
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], 'R')
return {'OK'}
