-- Appends a frame of the log, if it follows, and gives up the oldest beyond the limits.
-- KEYS meta, log, lease; ARGV fence, epoch, run, first, last, frame, most bytes, most frames, keep s, news
local known = redis.call('HMGET', KEYS[1], 'fence', 'retired', 'epoch', 'run', 'top', 'bytes')
if known[2] then return {'RETIRED'} end
local lease = redis.call('GET', KEYS[3])
if not lease or string.sub(lease, 1, 20) ~= ARGV[1] or known[1] ~= ARGV[1] then return {'FENCED'} end
if not known[5] then return {'HAVE', '', '', ''} end
local top, first, last = tonumber(known[5]), tonumber(ARGV[4]), tonumber(ARGV[5])
if known[3] ~= ARGV[2] then return {'HAVE', known[3], known[4], known[5]} end
if last <= top then return {'KNOWN', known[5]} end
if first ~= top + 1 then return {'HAVE', known[3], known[4], known[5]} end
redis.call('XADD', KEYS[2], ARGV[5] .. '-0', 'f', ARGV[6])
redis.call('HSET', KEYS[1], 'top', ARGV[5], 'run', ARGV[3])
local bytes = (tonumber(known[6]) or 0) + #ARGV[6]
local frames = redis.call('XLEN', KEYS[2])
while frames > 1 and (bytes > tonumber(ARGV[7]) or frames > tonumber(ARGV[8])) do
  local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
  redis.call('XDEL', KEYS[2], oldest[1])
  bytes = bytes - #oldest[2][2]
  frames = frames - 1
  redis.call('HSET', KEYS[1], 'floor', string.format('%.0f', tonumber(string.match(oldest[1], '^%d+')) + 1))
end
redis.call('HSET', KEYS[1], 'bytes', string.format('%.0f', bytes))
redis.call('EXPIRE', KEYS[1], ARGV[9])
redis.call('EXPIRE', KEYS[2], ARGV[9])
redis.call('PUBLISH', ARGV[10], 'L' .. ARGV[2] .. ARGV[6])
return {'ACK', ARGV[5]}
