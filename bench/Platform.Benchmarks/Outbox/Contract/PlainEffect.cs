using Npgsql;

namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>Writes the inbox mark and the effect of one event in one round trip, for peers whose handlers know no EF.</summary>
public static class PlainEffect
{
    private const string Mark = "INSERT INTO parcel_inbox (consumer, event_id, handled_at) VALUES ($1, $2, $3)";

    private const string Effect = """
        INSERT INTO parcel_effect (event_id, parcel, step, place, weight, at, number) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    /// <summary>A batch is one transaction on the server, or part of the one that is open on the connection.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, ParcelMoved moved, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(moved);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Mark)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = EffectContext.Consumer },
                new NpgsqlParameter<Guid> { TypedValue = moved.EventId },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = moved.At.ToUniversalTime() },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Effect)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = moved.EventId },
                new NpgsqlParameter<int> { TypedValue = moved.Parcel },
                new NpgsqlParameter<int> { TypedValue = moved.Step },
                new NpgsqlParameter<string> { TypedValue = moved.To },
                new NpgsqlParameter<decimal> { TypedValue = moved.Weight },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = moved.At.ToUniversalTime() },
                new NpgsqlParameter<int> { TypedValue = moved.Number },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
