using System.Globalization;
using Platform.Benchmarks.Outbox.Measuring;

namespace Platform.Benchmarks.Outbox;

/// <summary>Suite <c>outbox</c>: what it costs to get an event from a commit to a handler's commit, and what is lost on the way.</summary>
internal sealed class OutboxSuite(bool quick, TextWriter output)
{
    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        await PeerPrograms.BuildAsync(PeerPrograms.Program.Wolverine, cancellationToken);
        await PeerPrograms.BuildAsync(PeerPrograms.Program.Rebus, cancellationToken);
        await using var server = await BenchServer.StartAsync(cancellationToken);
        await server.Cpu.MeasureIdleAsync(TimeSpan.FromSeconds(quick ? 1 : 5), cancellationToken);

        var c = quick ? new Contenders(2_000, 200, 20) : new Contenders(20_000, 5_000, 100);
        var rounds = new DrainRounds(server, line => output.WriteLine($"  {line}"));
        IReadOnlyList<Contender> fast = quick
            ? [c.Platform, c.Copy, c.WolverineQueue, c.RebusFast, c.PlatformEach]
            : [c.Platform, c.Copy, c.Ef, c.WolverineQueue, c.WolverineQueueEf, c.WolverineLocal, c.WolverineBatch, c.RebusFast, c.PlatformEach, c.EfEach];
        if (Environment.GetEnvironmentVariable("BENCH_ONLY") is { } only)
        {
            var n = int.Parse(Environment.GetEnvironmentVariable("BENCH_N")!, CultureInfo.InvariantCulture);
            var all = new Contenders(n, n / 4, 100);
            fast = [.. typeof(Contenders).GetProperties().Select(p => p.GetValue(all)).OfType<Contender>().Where(x => only.Split(',').Contains(x.Key))];
            Print(await rounds.RunAsync(fast, 3, n / 2, 10, cancellationToken));
            return new Dictionary<string, double>();
        }

        var drained = await rounds.RunAsync(fast, quick ? 3 : 5, quick ? 300 : 3_000, quick ? 10 : 1, cancellationToken);
        Print(drained);
        return new Dictionary<string, double>();
    }

    private void Print(IReadOnlyDictionary<string, DrainResult> drained)
    {
        foreach (var result in drained.Values)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Contender.Title,-60} {result.Median(s => s.EventsPerSecond),8:0}/s {result.Median(s => s.ClientMicroseconds),6:0} + {result.Median(s => s.ServerMicroseconds),6:0} us  ooo {result.Median(s => s.OutOfOrder):0}"));
        }
    }
}
