using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Platform.Benchmarks.Outbox.Contract;

namespace Platform.Benchmarks.Outbox.Peers;

/// <summary>
/// The limit: no library, no EF, no order. Two workers delete 500 rows with SKIP LOCKED, read the bodies, and write marks and
/// effects by COPY, in one transaction a batch.
/// </summary>
internal sealed class RawCopyPeer(PeerSettings settings) : IOutboxPeer
{
    private const int Batch = 500;
    private const int Workers = 2;

    private const string Table = """
        CREATE TABLE raw_outbox (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid NOT NULL, payload jsonb NOT NULL);
        """;

    private const string Enqueue = "INSERT INTO raw_outbox (event_id, payload) VALUES ($1, $2)";

    private const string Take = """
        DELETE FROM raw_outbox WHERE position = ANY (ARRAY(SELECT position FROM raw_outbox ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED))
        RETURNING payload
        """;

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(settings.ConnectionString + ";Max Auto Prepare=20");
    private readonly TimeSpan _idle = TimeSpan.FromMilliseconds(5);
    private CancellationTokenSource _stop = new();
    private Task[] _workers = [];
    private HandledLog _handled = new(0);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(Table);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task OpenAsync(HandledLog handled, CancellationToken cancellationToken)
    {
        _handled = handled;
        return Task.CompletedTask;
    }

    public Task EnqueueAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken) => CommitAsync(events, cancellationToken);

    public Task<long> SendAsync(ParcelMoved moved, CancellationToken cancellationToken) => CommitAsync([moved], cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken)
    {
        _stop = new CancellationTokenSource();
        _workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(_stop.Token), CancellationToken.None))];
        return Task.CompletedTask;
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _workers = [];
        _stop.Dispose();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<long> CommitAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BusinessRow.WriteAsync(connection, transaction, events, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var moved in events)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Enqueue)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = moved.EventId },
                    new NpgsqlParameter<byte[]>
                    {
                        TypedValue = JsonSerializer.SerializeToUtf8Bytes(moved, ParcelJson.Default.ParcelMoved),
                        NpgsqlDbType = NpgsqlDbType.Jsonb,
                    },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        var ticks = Stopwatch.GetTimestamp();
        await transaction.CommitAsync(cancellationToken);
        return ticks;
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            List<ParcelMoved> taken = new(Batch);
            while (!stop.IsCancellationRequested)
            {
                taken.Clear();
                await using (var connection = await _database.OpenConnectionAsync(stop))
                {
                    await using var transaction = await connection.BeginTransactionAsync(stop);
                    await TakeAsync(connection, taken, stop);
                    if (taken.Count > 0)
                    {
                        await MarkAsync(connection, taken, stop);
                        await HandleAsync(connection, taken, stop);
                    }

                    await transaction.CommitAsync(stop);
                }

                if (taken.Count == 0)
                {
                    await Task.Delay(_idle, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
    }

    private static async Task TakeAsync(NpgsqlConnection connection, List<ParcelMoved> taken, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Take, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = Batch } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(0), ParcelJson.Default.ParcelMoved)!);
        }
    }

    private static async Task MarkAsync(NpgsqlConnection connection, List<ParcelMoved> taken, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY parcel_inbox (consumer, event_id, handled_at) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var moved in taken)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(EffectContext.Consumer, cancellationToken);
            await copy.WriteAsync(moved.EventId, cancellationToken);
            await copy.WriteAsync(now, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private async Task HandleAsync(NpgsqlConnection connection, List<ParcelMoved> taken, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY parcel_effect (event_id, parcel, step, place, weight, at, number) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var moved in taken)
        {
            _handled.Begin(moved);
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(moved.EventId, cancellationToken);
            await copy.WriteAsync(moved.Parcel, cancellationToken);
            await copy.WriteAsync(moved.Step, cancellationToken);
            await copy.WriteAsync(moved.To, cancellationToken);
            await copy.WriteAsync(moved.Weight, cancellationToken);
            await copy.WriteAsync(moved.At.ToUniversalTime(), cancellationToken);
            await copy.WriteAsync(moved.Number, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
