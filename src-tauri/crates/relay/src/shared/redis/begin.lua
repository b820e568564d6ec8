-- Begins the log anew.
-- KEYS meta, log, latest, lease; ARGV fence, epoch, run, first, top, keep s, news
local known = redis.call('HMGET', KEYS[1], 'fence', 'retired')
if known[2] then return {'RETIRED'} end
local lease = redis.call('GET', KEYS[4])
if not lease or string.sub(lease, 1, 20) ~= ARGV[1] or known[1] ~= ARGV[1] then return {'FENCED'} end
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'run', ARGV[3], 'floor', ARGV[4], 'top', ARGV[5], 'bytes', '0')
redis.call('EXPIRE', KEYS[1], ARGV[6])
redis.call('PUBLISH', ARGV[7], 'B')
return {'OK'}
