-- Tells the channel something in the holder's name, which is not kept.
-- KEYS meta, lease; ARGV fence, news, bytes
local known = redis.call('HMGET', KEYS[1], 'fence', 'retired')
if known[2] then return {'RETIRED'} end
local lease = redis.call('GET', KEYS[2])
if not lease or string.sub(lease, 1, 20) ~= ARGV[1] or known[1] ~= ARGV[1] then return {'FENCED'} end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return {'OK'}
