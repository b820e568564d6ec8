-- What a viewer at a position gets, some of it at a time.
-- KEYS meta, log, latest, lease; ARGV epoch, offset, most bytes, whether with latest
local known = redis.call('HMGET', KEYS[1], 'owner', 'generation', 'join', 'retired', 'epoch', 'floor', 'top', 'seen')
if not known[1] then return {} end
local from = '-'
if known[5] and known[5] == ARGV[1] then from = string.format('%.0f-0', tonumber(ARGV[2]) + 1) end
local frames, bytes, whole = {}, 0, '1'
while true do
  -- Few at a time: each may have 256 KiB.
  local some = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', 4)
  for _, entry in ipairs(some) do
    if #frames > 0 and bytes + #entry[2][2] > tonumber(ARGV[3]) then whole = '0' break end
    bytes = bytes + #entry[2][2]
    frames[#frames + 1] = entry[2][2]
    from = '(' .. entry[1]
  end
  if whole == '0' or #some < 4 then break end
end
return {known[1], known[2], known[3], known[4] and '1' or '0', known[5] or '', known[6] or '1', known[7] or '0', known[8] or '0',
  tostring(redis.call('EXISTS', KEYS[4])), whole, frames, ARGV[4] == '1' and redis.call('HVALS', KEYS[3]) or {}}
