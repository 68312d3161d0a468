using System.Globalization;
using Platform.Benchmarks.Api;

namespace Platform.Benchmarks.Sync;

/// <summary>
/// Suite <c>sync</c>: changes that readers of the real API's cursors never get, or get twice, of 40,000 transactions that are committed at once and in another
/// order than they began. One reader polls, one follows the stream and is cut again and again. Beside them the same log is read by its sequence and by its
/// time, as cursors mostly are.
/// </summary>
/// <param name="quick">Fewer transactions.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class SyncSuite(bool quick, TextWriter output)
{
    private const int Writers = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly int _commits = quick ? 4_000 : 40_000;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        await using var api = await RealApi.StartAsync(cancellationToken);
        using var http = await api.ClientAsync(cancellationToken);
        var start = await PollingReader.EndAsync(http, cancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var polling = new PollingReader(http, start);
        var streaming = new StreamingReader(http, start, new Random(4711));
        var bySequence = new ColumnReader(api.ConnectionString, "position", "bigint", "0");
        var byTime = new ColumnReader(api.ConnectionString, "changed_at", "timestamptz", "-infinity");
        Reader[] readers = [polling, streaming, bySequence, byTime];
        Task[] reading = [.. readers.Select(reader => Task.Run(() => reader.FollowAsync(end.Token), CancellationToken.None))];

        var began = TimeProvider.System.GetTimestamp();
        var committed = (await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer =>
            SyncWriter.WriteAsync(api.ConnectionString, writer, _commits / Writers, cancellationToken)))).SelectMany(ids => ids).ToArray();
        var took = TimeProvider.System.GetElapsedTime(began);

        // Those that lost something never have everything: it is enough that ours do, or that nothing comes any more.
        var waited = TimeProvider.System.GetTimestamp();
        while ((polling.Lost(committed) > 0 || streaming.Lost(committed) > 0) && TimeProvider.System.GetElapsedTime(waited) < Patience)
        {
            await Task.Delay(200, cancellationToken);
        }

        await Task.Delay(1_000, cancellationToken);
        await end.CancelAsync();
        await Task.WhenAll(reading);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{committed.Length} transactions of {Writers} writers in {took.TotalSeconds:0.0} s, {streaming.Cuts} cuts"));
        foreach (var (name, reader) in readers.Zip(["cursor, polled", "cursor, streamed", "by sequence", "by time"], (reader, name) => (name, reader)))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-18}{reader.Lost(committed),8} lost {reader.Repeated,8} repeated"));
        }

        return new Dictionary<string, double>
        {
            ["lost"] = polling.Lost(committed) + streaming.Lost(committed),
            ["repeated"] = polling.Repeated + streaming.Repeated,
            ["commits"] = committed.Length,
            ["lost_by_sequence"] = bySequence.Lost(committed),
            ["lost_by_time"] = byTime.Lost(committed),
        };
    }
}
