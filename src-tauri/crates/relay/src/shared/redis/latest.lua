-- Keeps the newest of its kind, within a number of kinds.
-- KEYS meta, latest, lease; ARGV fence, key, frame, most kinds, keep s, news
local known = redis.call('HMGET', KEYS[1], 'fence', 'retired')
if known[2] then return {'RETIRED'} end
local lease = redis.call('GET', KEYS[3])
if not lease or string.sub(lease, 1, 20) ~= ARGV[1] or known[1] ~= ARGV[1] then return {'FENCED'} end
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 0 and redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then return {'MANY'} end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('PUBLISH', ARGV[6], 'N' .. ARGV[3])
return {'OK'}
