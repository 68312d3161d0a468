using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Messaging;

namespace Platform.EntityFrameworkCore.Sync;

/// <summary>A place in the log of changes: behind it are all changes that a reader does not have.</summary>
/// <param name="Transaction">The transaction of the last change that was read.</param>
/// <param name="Position">Its position within that.</param>
public readonly record struct ChangePlace(ulong Transaction, long Position);

/// <summary>One change of one resource.</summary>
/// <param name="Place">Where it stands in the log.</param>
/// <param name="Kind">The kind of resource.</param>
/// <param name="Id">Which.</param>
public sealed record LoggedChange(ChangePlace Place, string Kind, Guid Id);

/// <summary>Reads the log of changes in the order in which transactions became settled. Thread safe.</summary>
/// <remarks>
/// A transaction is settled when none that began before it is still open: then nothing can be committed any more that would stand before it. A sequence or
/// a time of change skips what commits late.
/// </remarks>
public sealed class ChangeLog
{
    private const string Horizon = "SELECT pg_snapshot_xmin(pg_current_snapshot())";

    private const string Next = """
        SELECT transaction_id, position, kind, resource_id FROM {schema}.core_change
        WHERE (transaction_id, position) > ($1, $2) AND transaction_id < pg_snapshot_xmin(pg_current_snapshot()) AND kind = ANY ($3)
        ORDER BY transaction_id, position LIMIT $4
        """;

    private readonly MessagingDatabase _database;

    internal ChangeLog(MessagingDatabase database) => _database = database;

    /// <summary>The place behind everything that is settled now: whoever reads the tables after this and then on from here misses nothing.</summary>
    public async Task<ChangePlace> EndAsync(CancellationToken cancellationToken)
    {
        await using var open = await _database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Horizon, open.Connection);
        return new ChangePlace((ulong)(await command.ExecuteScalarAsync(cancellationToken))! - 1, long.MaxValue);
    }

    /// <summary>Reads on from a place.</summary>
    /// <param name="after">The last change that the reader has.</param>
    /// <param name="kinds">Which kinds of resources.</param>
    /// <param name="limit">How many changes at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<LoggedChange>> ReadAsync(ChangePlace after, string[] kinds, int limit, CancellationToken cancellationToken)
    {
        await using var open = await _database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(_database.Sql(Next), open.Connection)
        {
            Parameters =
            {
                new NpgsqlParameter<ulong> { TypedValue = after.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 },
                new NpgsqlParameter<long> { TypedValue = after.Position },
                new NpgsqlParameter<string[]> { TypedValue = kinds },
                new NpgsqlParameter<int> { TypedValue = limit },
            },
        };
        var changes = new List<LoggedChange>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add(new LoggedChange(
                new ChangePlace(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)), reader.GetString(2), reader.GetGuid(3)));
        }

        return changes;
    }
}
