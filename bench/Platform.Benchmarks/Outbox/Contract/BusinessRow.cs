using Npgsql;

namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>The change of the application that an event goes with: one row for each event, the same for all peers.</summary>
public static class BusinessRow
{
    /// <summary>The table.</summary>
    public const string Table = """
        CREATE TABLE parcel_move (event_id uuid PRIMARY KEY, parcel integer NOT NULL, step integer NOT NULL, place text NOT NULL, at timestamptz NOT NULL);
        """;

    private const string Insert = "INSERT INTO parcel_move (event_id, parcel, step, place, at) VALUES ($1, $2, $3, $4, $5)";

    /// <summary>Writes the rows in the application's transaction.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var moved in events)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Insert)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = moved.EventId },
                    new NpgsqlParameter<int> { TypedValue = moved.Parcel },
                    new NpgsqlParameter<int> { TypedValue = moved.Step },
                    new NpgsqlParameter<string> { TypedValue = moved.To },
                    new NpgsqlParameter<DateTimeOffset> { TypedValue = moved.At.ToUniversalTime() },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
