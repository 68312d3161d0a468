using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Platform.EntityFrameworkCore.Messaging.Lanes;

/// <summary>
/// Session-level advisory locks on the one connection that holds them: one for each owned lane, and a shared one by which the processes of a
/// subscription are counted. The server lets go of them when the connection ends, however the process ended.
/// </summary>
internal sealed class LaneLocks(NpgsqlConnection connection, string schema, string subscription, int laneCount)
{
    private const string JoinStatement = "SELECT pg_advisory_lock_shared($1)";

    private const string LeaveStatement = "SELECT pg_advisory_unlock_shared($1)";

    // PostgreSQL manual, section 54.12 (pg_locks): a lock with one bigint key shows its halves in classid and objid, and objsubid 1.
    private const string HeldStatement = """
        SELECT ((classid::bigint << 32) | objid::bigint), count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND ((classid::bigint << 32) | objid::bigint) = ANY ($1)
        GROUP BY 1
        """;

    private const string TakeStatement = "SELECT key FROM unnest($1) AS key WHERE pg_try_advisory_lock(key)";

    private const string FreeStatement = "SELECT pg_advisory_unlock($1)";

    private readonly long _members = Key(schema, subscription, "members");

    private readonly long[] _lanes = [.. Enumerable.Range(0, laneCount).Select(lane => Key(schema, subscription, $"lane {lane}"))];

    /// <summary>Counts this process among those that share the lanes.</summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(JoinStatement, _members);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Counts this process no more, so that the others take its lanes as they become free.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(LeaveStatement, _members);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Counts the processes, and finds the lanes that nobody owns.</summary>
    public async Task<(int Members, List<short> Free)> LookAsync(CancellationToken cancellationToken)
    {
        var held = new Dictionary<long, long>();
        await using var command = Command<long[]>(HeldStatement, [_members, .. _lanes]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            held[reader.GetInt64(0)] = reader.GetInt64(1);
        }

        List<short> free = [];
        for (short lane = 0; lane < _lanes.Length; lane++)
        {
            if (!held.ContainsKey(_lanes[lane]))
            {
                free.Add(lane);
            }
        }

        return ((int)held.GetValueOrDefault(_members, 1), free);
    }

    /// <summary>Locks those of the lanes that are still free.</summary>
    public async Task<short[]> TakeAsync(IEnumerable<short> lanes, CancellationToken cancellationToken)
    {
        List<short> taken = [];
        await using var command = Command<long[]>(TakeStatement, [.. lanes.Select(lane => _lanes[lane])]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add((short)Array.IndexOf(_lanes, reader.GetInt64(0)));
        }

        return [.. taken];
    }

    public async Task FreeAsync(short lane, CancellationToken cancellationToken)
    {
        await using var command = Command(FreeStatement, _lanes[lane]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static long Key(string schema, string subscription, string what) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"platform messaging\n{schema}\n{subscription}\n{what}")));

    private NpgsqlCommand Command<T>(string statement, T value) => new(statement, connection) { Parameters = { new NpgsqlParameter<T> { TypedValue = value } } };
}
