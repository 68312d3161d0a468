using System.Diagnostics;
using Platform.Benchmarks.Outbox.Contract;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>
/// Time from a commit to the start of the handler, one event at a time at a steady rate: sender and handler are two processes. Both read
/// the same monotonic clock. The commit's time is taken before it is sent, so its own duration is part of the figure.
/// </summary>
internal sealed class LatencyRun(BenchServer server)
{
    private const int Rate = 200;

    public async Task<LatencyResult> RunAsync(Contender contender, TimeSpan during, CancellationToken cancellationToken)
    {
        var database = $"{contender.Key}_latency";
        await server.CreateAsync(database, cancellationToken);
        await using var handler = PeerProcess.Start(contender.Command, server.ConnectionString(database));
        await using var sender = PeerProcess.Start(contender.Command, server.ConnectionString(database));
        await handler.AskAsync(new PeerRequest("prepare"), cancellationToken);
        var count = (int)(Rate * during.TotalSeconds);
        await handler.AskAsync(new PeerRequest("open", count), cancellationToken);
        await handler.AskAsync(new PeerRequest("release"), cancellationToken);

        // Zero events: this process only sends.
        await sender.AskAsync(new PeerRequest("open"), cancellationToken);
        var sent = await sender.AskAsync(new PeerRequest("pace", count, Rate: Rate), cancellationToken);
        var handled = await handler.AskAsync(new PeerRequest("started", count, LimitSeconds: 20), cancellationToken);
        await sender.AskAsync(new PeerRequest("close"), cancellationToken);
        await handler.AskAsync(new PeerRequest("close"), cancellationToken);

        // The first quarter compiles code.
        var times = sent.Ticks!.Zip(handled.Ticks!).Skip(count / 4).Where(pair => pair.Second != 0)
            .Select(pair => Stopwatch.GetElapsedTime(pair.First, pair.Second).TotalMilliseconds).Order().ToList();
        return new LatencyResult(
            contender.Title, Statistics.Percentile(times, 0.5), Statistics.Percentile(times, 0.99), times.Count > 0 ? times[^1] : double.NaN, count - handled.Handled);
    }
}

/// <summary>Milliseconds from commit to handler.</summary>
internal sealed record LatencyResult(string Title, double P50, double P99, double Max, int Missing);
