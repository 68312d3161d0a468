using System.Globalization;
using Platform.Benchmarks.Outbox.Contract;
using Platform.Benchmarks.Outbox.Measuring;

namespace Platform.Benchmarks.Outbox;

/// <summary>Suite <c>outbox</c>: what it costs to get an event from a commit to a handler's commit, and what is lost on the way.</summary>
/// <param name="quick">At most a minute: fewer events, rounds, peers and kills. Says so in the table.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class OutboxSuite(bool quick, TextWriter output)
{
    /// <summary>The parts that can be asked for by name in the environment variable <c>PLATFORM_BENCH_PARTS</c>; all by default.</summary>
    private static readonly string[] AllParts = ["drain", "defaults", "overhead", "latency", "chaos", "bloat"];

    private readonly Contenders _contenders = quick ? new Contenders(4_000, 200, 20) : new Contenders(20_000, 5_000, 100);
    private readonly OutboxTable _table = new(output);
    private readonly Dictionary<string, double> _figures = [];

    /// <summary>Runs what was asked for.</summary>
    /// <returns>The figures by name.</returns>
    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        await PeerPrograms.BuildAsync(PeerPrograms.Program.Wolverine, cancellationToken);
        await PeerPrograms.BuildAsync(PeerPrograms.Program.Rebus, cancellationToken);
        await using var server = await BenchServer.StartAsync(cancellationToken);
        await server.Cpu.MeasureIdleAsync(TimeSpan.FromSeconds(quick ? 1 : 5), cancellationToken);
        output.WriteLine(quick
            ? "quick: 4,000 events (Rebus 200), ten in a transaction of the sender, 3 rounds, 5 kills; the code is not as warm as in the full run"
            : "full: 20,000 events (Rebus 5,000), one in a transaction of the sender, 5 rounds, 250 kills");

        var parts = Environment.GetEnvironmentVariable("PLATFORM_BENCH_PARTS")?.Split(',') ?? AllParts;
        foreach (var part in parts)
        {
            await (part switch
            {
                "drain" => DrainAsync(server, cancellationToken),
                "defaults" => DefaultsAsync(server, cancellationToken),
                "overhead" => OverheadAsync(server, cancellationToken),
                "latency" => LatencyAsync(server, cancellationToken),
                "chaos" => ChaosAsync(server, cancellationToken),
                "bloat" => BloatAsync(server, cancellationToken),
                _ => throw new ArgumentException($"There is no part '{part}'; there are {string.Join(", ", AllParts)}."),
            });
        }

        return _figures;
    }

    private async Task DrainAsync(BenchServer server, CancellationToken cancellationToken)
    {
        var c = _contenders;
        IReadOnlyList<Contender> contenders = quick
            ? [c.Platform, c.Copy, c.WolverineQueueEf, c.RebusFast, c.PlatformEach]
            :
            [
                c.Platform, c.PlatformEach, c.Copy, c.Ef, c.EfEach,
                c.WolverineQueueEf, c.WolverineQueue, c.WolverineLocal, c.WolverineBatch, c.RebusFast,
            ];
        var results = await Rounds(server).RunAsync(contenders, quick ? 3 : 5, quick ? 500 : 5_000, quick ? 10 : 1, cancellationToken);
        _table.Drain("Drain of a committed backlog", results.Values);

        var ours = results[c.Platform.Key];
        var each = results[c.PlatformEach.Key];
        Figure("drain_vs_wolverine", Cpu(ours, c.WolverineQueueEf));
        Figure("drain_vs_rebus", Cpu(ours, c.RebusFast));
        Figure("drain_vs_copy", Cpu(ours, c.Copy));
        Figure("drain_each_vs_wolverine", Cpu(each, c.WolverineQueueEf));
        if (!quick)
        {
            Figure("drain_vs_wolverine_plain_handler", Cpu(ours, c.WolverineQueue));
            Figure("drain_vs_wolverine_local", Cpu(ours, c.WolverineLocal));
            Figure("drain_vs_wolverine_batch_handler", Cpu(ours, c.WolverineBatch));
            Figure("drain_vs_raw_ef", Cpu(ours, c.Ef));
            Figure("drain_each_vs_wolverine_plain_handler", Cpu(each, c.WolverineQueue));
        }

        double Cpu(DrainResult mine, Contender other) => mine.Over(results[other.Key], sample => sample.EventsPerCpuSecond);
    }

    private async Task DefaultsAsync(BenchServer server, CancellationToken cancellationToken)
    {
        var c = _contenders;
        IReadOnlyList<Contender> contenders = quick ? [c.PlatformDefaults, c.WolverineDefaults] : [c.PlatformDefaults, c.WolverineDefaults, c.RebusDefaults];
        var results = await Rounds(server).RunAsync(contenders, quick ? 1 : 5, 0, quick ? 10 : 1, cancellationToken);
        _table.Drain("The same with each library's defaults", results.Values);
        Figure("defaults_vs_wolverine", results[c.PlatformDefaults.Key].Over(results[c.WolverineDefaults.Key], sample => sample.EventsPerSecond));
    }

    private async Task OverheadAsync(BenchServer server, CancellationToken cancellationToken)
    {
        var result = await new EnqueueOverhead(server).RunAsync(5, quick ? 200 : 2_000, cancellationToken);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Saving an order with two lines: {result.Without:0} us, with an event {result.With:0} us (median of one writer)"));
        Figure("enqueue_overhead", result.Ratio);
    }

    private async Task LatencyAsync(BenchServer server, CancellationToken cancellationToken)
    {
        var c = _contenders;
        List<Contender> contenders = [c.PlatformDefaults];
        if (!quick)
        {
            contenders.Add(c.WolverineQueueEf with { Profile = PeerProfile.Prompt, Title = "Wolverine 6.62, PostgreSQL queue with notifications" });
            contenders.Add(c.RebusFast);
        }

        foreach (var contender in contenders)
        {
            var result = await new LatencyRun(server).RunAsync(contender, TimeSpan.FromSeconds(quick ? 4 : 30), cancellationToken);
            _table.Latency(result);
            if (contender == c.PlatformDefaults)
            {
                Figure("latency_p99_ms", result.P99);
            }
        }
    }

    private async Task ChaosAsync(BenchServer server, CancellationToken cancellationToken)
    {
        var run = quick ? new ChaosRun(server, consumers: 4, senders: 1, kills: 1, events: 500) : new ChaosRun(server, consumers: 8, senders: 2, kills: 25, events: 20_000);
        var result = await run.RunAsync(cancellationToken);
        output.WriteLine($"Chaos: {result.Events} events, {result.Kills} kills -9: lost {result.Lost}, doubled {result.Doubled}, out of order {result.OutOfOrder}");
        Figure("lost", result.Lost);
        Figure("duplicated_effects", result.Doubled);
        Figure("out_of_order", result.OutOfOrder);
        Figure("recover_s", await run.RecoverAsync(quick ? 1 : 10, cancellationToken));
    }

    private async Task BloatAsync(BenchServer server, CancellationToken cancellationToken)
    {
        if (quick)
        {
            output.WriteLine("Bloat: not in the quick run, a million events take minutes");
            return;
        }

        var result = await new BloatRun(server).RunAsync(_contenders.Platform with { Profile = PeerProfile.Brief }, 1_000_000, cancellationToken);
        _table.Bloat(result);
        Figure("bytes_per_event", result.BytesPerEvent);
        Figure("bytes_per_event_after_retention", result.BytesPerEventLeft);
    }

    private DrainRounds Rounds(BenchServer server) => new(server, line => output.WriteLine($"  {line}"));

    private void Figure(string name, double value) => _figures[name] = value;
}
