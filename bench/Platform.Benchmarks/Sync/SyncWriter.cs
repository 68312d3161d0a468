using Npgsql;
using Platform.Identifiers;

namespace Platform.Benchmarks.Sync;

/// <summary>Commits one product after the other, some of them long after they were written.</summary>
internal static class SyncWriter
{
    private const string Insert = """
        INSERT INTO commerce.products (id, active, created_at, name, sku, updated_at, price_amount, price_currency)
        VALUES ($1, true, now(), 'Read by cursor', $2, now(), 1, 'EUR')
        """;

    // One of four transactions stays open for up to so long, while the others go on.
    private const int HeldOf = 4;
    private const int LongestHoldMs = 25;

    public static async Task<List<Guid>> WriteAsync(string connectionString, int writer, int count, CancellationToken cancellationToken)
    {
        var random = new Random(writer);
        var committed = new List<Guid>(count);
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        var (id, sku) = (new NpgsqlParameter<Guid>(), new NpgsqlParameter<string>());
        await using var insert = new NpgsqlCommand(Insert, connection) { Parameters = { id, sku } };
        await insert.PrepareAsync(cancellationToken);
        for (var i = 0; i < count; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            id.TypedValue = Uuid7.Next(TimeProvider.System);
            sku.TypedValue = $"sync-{id.TypedValue:N}";
            await insert.ExecuteNonQueryAsync(cancellationToken);
            if (random.Next(HeldOf) == 0)
            {
                await Task.Delay(random.Next(LongestHoldMs), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            committed.Add(id.TypedValue);
        }

        return committed;
    }
}
