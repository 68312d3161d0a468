using System.Diagnostics;
using Platform.Benchmarks.Outbox.Contract;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>Drains a committed backlog with one contender after the other, round by round.</summary>
internal sealed class DrainRounds(BenchServer server, Action<string> progress)
{
    private const double LimitSeconds = 300;

    /// <summary>Runs them all.</summary>
    /// <param name="contenders">In this order within each round.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="warmUp">Events of a first drain that does not count: the code is compiled by then.</param>
    /// <param name="perTransaction">Events in one transaction while the backlog is made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, DrainResult>> RunAsync(
        IReadOnlyList<Contender> contenders, int rounds, int warmUp, int perTransaction, CancellationToken cancellationToken)
    {
        Dictionary<string, PeerProcess> peers = [];
        Dictionary<string, List<DrainSample>> samples = [];
        try
        {
            foreach (var contender in contenders)
            {
                await server.CreateAsync(contender.Key, cancellationToken);
                var peer = peers[contender.Key] = PeerProcess.Start(contender.Command, server.ConnectionString(contender.Key));
                samples[contender.Key] = [];
                await peer.AskAsync(new PeerRequest("prepare"), cancellationToken);
                if (warmUp > 0 && contender.Profile != PeerProfile.Defaults)
                {
                    await DrainAsync(contender with { Events = Math.Min(warmUp, contender.Events) }, peer, perTransaction, cancellationToken);
                }
            }

            for (var round = 1; round <= rounds; round++)
            {
                foreach (var contender in contenders)
                {
                    var sample = await DrainAsync(contender, peers[contender.Key], perTransaction, cancellationToken);
                    samples[contender.Key].Add(sample);
                    progress($"round {round}, {contender.Title}: {sample}");
                }
            }
        }
        finally
        {
            foreach (var peer in peers.Values)
            {
                await peer.DisposeAsync();
            }
        }

        return contenders.ToDictionary(contender => contender.Key, contender => new DrainResult(contender, samples[contender.Key]));
    }

    private async Task<DrainSample> DrainAsync(Contender contender, PeerProcess peer, int perTransaction, CancellationToken cancellationToken)
    {
        await server.EmptyAsync(contender.Key, cancellationToken);
        await peer.AskAsync(new PeerRequest("open", contender.Events), cancellationToken);
        await peer.AskAsync(new PeerRequest("enqueue", contender.Events, perTransaction, LimitSeconds: LimitSeconds), cancellationToken);
        await server.SettleAsync(contender.Key, cancellationToken);

        var before = server.Cpu.Read();
        var started = Stopwatch.GetTimestamp();
        var drained = await peer.AskAsync(new PeerRequest("drain", contender.Events, LimitSeconds: LimitSeconds), cancellationToken);
        var serverSeconds = server.Cpu.Since(before, Stopwatch.GetElapsedTime(started).TotalSeconds);
        await peer.AskAsync(new PeerRequest("close"), cancellationToken);
        return new DrainSample(
            Events: drained.Handled, Missing: Math.Max(0, contender.Events - drained.Handled), Repeated: Math.Max(0, drained.Calls - contender.Events),
            OutOfOrder: drained.OutOfOrder, Seconds: drained.Seconds, ClientSeconds: drained.CpuSeconds, ServerSeconds: serverSeconds);
    }
}
