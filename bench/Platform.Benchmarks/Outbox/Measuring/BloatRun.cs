using Platform.Benchmarks.Outbox.Contract;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>What the tables take after many events, and what is left of it once retention and vacuum have been.</summary>
internal sealed class BloatRun(BenchServer server)
{
    private const int Part = 50_000;

    private const string Tables = "'platform.core_outbox_event'::regclass, 'platform.core_inbox_event'::regclass, 'platform.core_subscription_lane'::regclass";

    private const string Heap = $"SELECT sum(pg_table_size(t))::float8 FROM unnest(ARRAY[{Tables}]) t";

    private const string Indexes = $"SELECT sum(pg_indexes_size(t))::float8 FROM unnest(ARRAY[{Tables}]) t";

    private const string Left = "SELECT (SELECT count(*) FROM platform.core_outbox_event) + (SELECT count(*) FROM platform.core_inbox_event)";

    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(1);

    public async Task<BloatResult> RunAsync(Contender contender, int events, CancellationToken cancellationToken)
    {
        const string Database = "bloat";
        await server.CreateAsync(Database, cancellationToken);
        await using var peer = PeerProcess.Start(contender.Command, server.ConnectionString(Database));
        await peer.AskAsync(new PeerRequest("prepare"), cancellationToken);
        for (var done = 0; done < events; done += Part)
        {
            await DrainAsync(peer, Database, Part, cancellationToken);
        }

        var (heap, indexes) = await SizesAsync(Database, cancellationToken);

        // The peer keeps both a minute when told so; the job that deletes is due at once.
        await Task.Delay(Retention + TimeSpan.FromSeconds(5), cancellationToken);
        await peer.AskAsync(new PeerRequest("open", 1), cancellationToken);
        await peer.AskAsync(new PeerRequest("release"), cancellationToken);
        await server.ExecuteAsync(Database, "UPDATE platform.core_lease SET due_at = now(), expires_at = now()", cancellationToken);
        while (await server.ScalarAsync<long>(Database, Left, cancellationToken) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }

        await peer.AskAsync(new PeerRequest("close"), cancellationToken);
        await server.ExecuteAsync(Database, "VACUUM", cancellationToken);
        var (heapLeft, indexesLeft) = await SizesAsync(Database, cancellationToken);
        await DrainAsync(peer, Database, Part, cancellationToken);
        var (heapAgain, indexesAgain) = await SizesAsync(Database, cancellationToken);
        return new BloatResult(events, heap, indexes, heapLeft, indexesLeft, heapAgain + indexesAgain - heapLeft - indexesLeft);
    }

    private async Task DrainAsync(PeerProcess peer, string database, int events, CancellationToken cancellationToken)
    {
        await server.ExecuteAsync(database, "TRUNCATE parcel_effect, parcel_move", cancellationToken);
        await peer.AskAsync(new PeerRequest("open", events), cancellationToken);
        await peer.AskAsync(new PeerRequest("enqueue", events, 500, LimitSeconds: 300), cancellationToken);
        await peer.AskAsync(new PeerRequest("drain", events, LimitSeconds: 300), cancellationToken);
        await peer.AskAsync(new PeerRequest("close"), cancellationToken);
    }

    private async Task<(double Heap, double Indexes)> SizesAsync(string database, CancellationToken cancellationToken) =>
        (await server.ScalarAsync<double>(database, Heap, cancellationToken), await server.ScalarAsync<double>(database, Indexes, cancellationToken));
}

/// <param name="Events">Events that went through.</param>
/// <param name="Heap">Bytes of log, inbox and cursors then.</param>
/// <param name="Indexes">Bytes of their indexes then.</param>
/// <param name="HeapLeft">Bytes of the tables after retention and vacuum.</param>
/// <param name="IndexesLeft">Bytes of the indexes after retention and vacuum.</param>
/// <param name="GrowthAfter">Bytes added by the next 50,000 events: none where the room is used again.</param>
internal sealed record BloatResult(int Events, double Heap, double Indexes, double HeapLeft, double IndexesLeft, double GrowthAfter)
{
    public double BytesPerEvent => (Heap + Indexes) / Events;

    public double BytesPerEventLeft => (HeapLeft + IndexesLeft) / Events;
}
