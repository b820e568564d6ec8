-- Says that a relay's viewers are still there; answers whether somebody holds the channel, and when somebody last did.
-- KEYS meta, viewers, lease; ARGV stay s, viewers...
local now = tonumber(redis.call('TIME')[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[2], now + tonumber(ARGV[1]), ARGV[i]) end
redis.call('EXPIRE', KEYS[2], ARGV[1])
return {tostring(redis.call('EXISTS', KEYS[3])), redis.call('HGET', KEYS[1], 'seen') or ''}
