-- Gives the channel back: the agent ended, or its connection did.
-- KEYS meta, lease; ARGV fence, news
local lease = redis.call('GET', KEYS[2])
if not lease or string.sub(lease, 1, 20) ~= ARGV[1] then return {'NO'} end
local time = redis.call('TIME')
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'seen', time[1])
redis.call('PUBLISH', ARGV[2], 'A' .. time[1])
return {'OK'}
