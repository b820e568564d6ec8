-- Gives the channel up for ever, whoever holds it; what remains is that it was.
-- KEYS meta, log, latest, lease; ARGV owner, no join hash, keep s, news
if redis.call('HGET', KEYS[1], 'retired') then return {'OK'} end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
redis.call('HDEL', KEYS[1], 'epoch', 'run', 'floor', 'top', 'bytes')
if not redis.call('HGET', KEYS[1], 'generation') then
  redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'generation', '0', 'join', ARGV[2], 'seen', redis.call('TIME')[1])
end
redis.call('HSET', KEYS[1], 'retired', '1')
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('PUBLISH', ARGV[4], 'R')
return {'OK'}
