-- Counts a viewer in, where there is room. Those who are not heard of again count no more after a minute.
-- KEYS viewers; ARGV viewer, most, stay s, news
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return {'FULL'} end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('PUBLISH', ARGV[4], 'V' .. redis.call('ZCARD', KEYS[1]))
return {'OK'}
