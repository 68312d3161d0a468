namespace Platform.ServiceDefaults.Messaging;

/// <summary>
/// What has to happen to a lane's stream in one piece, as Lua. An entry's id is <c>{n}-0</c>, where n is the server's clock in microseconds, or one more than
/// the last id if the clock stands or goes back: it grows whatever the clock does, and is the entry's position.
/// </summary>
internal static class StreamScripts
{
    private const string LastId = """
        local function last_id(key)
          if redis.call('EXISTS', key) == 0 then return 0 end
          local info = redis.call('XINFO', 'STREAM', key)
          for i = 1, #info, 2 do
            if info[i] == 'last-generated-id' then return tonumber(string.match(info[i + 1], '^%d+')) end
          end
          return 0
        end
        """;

    /// <summary>
    /// Appends events and wakes the readers. Keys: the stream. Arguments: the most that it may hold, the channel, the lane, then for each event the number
    /// of values and the values. Returns 0 when the stream is full.
    /// </summary>
    public const string Publish = LastId + """

        if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
        local time = redis.call('TIME')
        local id = math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), last_id(KEYS[1]) + 1)
        local at = 4
        while ARGV[at] do
          local count = tonumber(ARGV[at])
          redis.call('XADD', KEYS[1], string.format('%.0f-0', id), unpack(ARGV, at + 1, at + count))
          id = id + 1
          at = at + 1 + count
        end
        redis.call('PUBLISH', ARGV[2], ARGV[3])
        return 1
        """;

    /// <summary>Removes a group with its owner. Keys: the stream, the owner. Arguments: the group.</summary>
    public const string Forget = """
        redis.call('DEL', KEYS[2])
        if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1]) end
        return 0
        """;

    /// <summary>
    /// Reads what follows the cursor, for the owner of the lane. One that was not the last reader claims what the reader before it held, dead or not, and
    /// acknowledges what the cursor says was handled; from then on it alone is handed entries, so that none passes it by. First come the entries that
    /// it was handed and has not acknowledged, then new ones. Keys: the stream, the owner. Arguments: group, consumer, cursor, entries at most, bytes at
    /// most, whether to make the group where there is none. Returns whether there is one, and the entries.
    /// </summary>
    public const string Read = LastId + """

        local stream, group, me, cursor, limit = KEYS[1], ARGV[1], ARGV[2], ARGV[3] .. '-0', tonumber(ARGV[4])

        local known = redis.pcall('XPENDING', stream, group)
        if known.err then
          if not string.find(known.err, 'NOGROUP', 1, true) then return known end
          if ARGV[6] == '0' then return { 0, {} } end
          local made = redis.pcall('XGROUP', 'CREATE', stream, group, '$', 'MKSTREAM')
          if made.err then return made end
          if last_id(stream) < tonumber(ARGV[3]) then redis.call('XSETID', stream, cursor) end
        end

        local owner = redis.call('GET', KEYS[2])
        if owner ~= me then
          local start = '0-0'
          repeat
            start = redis.call('XAUTOCLAIM', stream, group, me, 0, start, 'COUNT', 1000, 'JUSTID')[1]
          until start == '0-0'
          if owner then redis.call('XGROUP', 'DELCONSUMER', stream, group, owner) end
          redis.call('SET', KEYS[2], me)
          repeat
            local done = redis.call('XPENDING', stream, group, '-', cursor, 1000, me)
            for _, entry in ipairs(done) do redis.call('XACK', stream, group, entry[1]) end
          until #done == 0
        end

        local found, bytes = {}, 0
        local function take(answer)
          if not answer or not answer[1] then return end
          for _, entry in ipairs(answer[1][2]) do
            if bytes >= tonumber(ARGV[5]) then return end
            if entry[2] then
              for _, value in ipairs(entry[2]) do bytes = bytes + #value end
            end
            found[#found + 1] = entry
          end
        end
        take(redis.call('XREADGROUP', 'GROUP', group, me, 'COUNT', limit, 'STREAMS', stream, cursor))
        if #found < limit and bytes < tonumber(ARGV[5]) then
          take(redis.call('XREADGROUP', 'GROUP', group, me, 'COUNT', limit - #found, 'STREAMS', stream, '>'))
        end
        return { 1, found }
        """;

    /// <summary>Cuts off what every group has acknowledged. Keys: the stream.</summary>
    public const string Trim = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
        local first
        for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
          local named = {}
          for i = 1, #group, 2 do named[group[i]] = group[i + 1] end
          local needed
          if named['pending'] > 0 then
            needed = tonumber(string.match(redis.call('XPENDING', KEYS[1], named['name'])[2], '^%d+'))
          else
            needed = tonumber(string.match(named['last-delivered-id'], '^%d+')) + 1
          end
          if not first or needed < first then first = needed end
        end
        return first and redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', first)) or 0
        """;
}
