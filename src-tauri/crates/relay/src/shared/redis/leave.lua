-- Counts a viewer out.
-- KEYS viewers; ARGV viewer, news
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[2], 'V' .. redis.call('ZCOUNT', KEYS[1], redis.call('TIME')[1], '+inf'))
return {'OK'}
