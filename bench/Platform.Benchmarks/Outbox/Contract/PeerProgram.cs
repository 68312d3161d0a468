using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>The body of a peer's process: takes commands line by line until its standard input ends.</summary>
public sealed class PeerProgram(IOutboxPeer peer, NpgsqlDataSource database)
{
    /// <summary>The environment variable with the connection string.</summary>
    public const string ConnectionVariable = "PLATFORM_BENCH_DATABASE";

    private const int Writers = 8;

    private HandledLog _handled = new(0);

    /// <summary>Runs a peer until the suite lets go of it.</summary>
    /// <param name="profile">The name of a <see cref="PeerProfile"/>.</param>
    /// <param name="create">Makes the peer.</param>
    public static async Task<int> RunAsync(string profile, Func<PeerSettings, IOutboxPeer> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        var connection = Environment.GetEnvironmentVariable(ConnectionVariable)
            ?? throw new InvalidOperationException($"{ConnectionVariable} is not set.");
        await using var database = NpgsqlDataSource.Create(connection + ";Application Name=bench-driver");
        await using var peer = create(new PeerSettings(connection, Enum.Parse<PeerProfile>(profile, ignoreCase: true)));
        await new PeerProgram(peer, database).ServeAsync(Console.In, Console.Out);
        return 0;
    }

    private async Task ServeAsync(TextReader requests, TextWriter replies)
    {
        while (await requests.ReadLineAsync() is { } line)
        {
            PeerReply reply;
            try
            {
                reply = await AnswerAsync(JsonSerializer.Deserialize(line, PeerJson.Default.PeerRequest)!);
            }
            catch (Exception exception)
            {
                reply = new PeerReply(exception.ToString());
            }

            await replies.WriteLineAsync(JsonSerializer.Serialize(reply, PeerJson.Default.PeerReply));
            await replies.FlushAsync();
        }
    }

    private async Task<PeerReply> AnswerAsync(PeerRequest request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(request.LimitSeconds + 30));
        switch (request.Do)
        {
            case "prepare":
                await peer.PrepareAsync(limit.Token);
                return new PeerReply();
            case "open":
                _handled = new HandledLog(request.Count);
                await peer.OpenAsync(_handled, limit.Token);
                return new PeerReply();
            case "enqueue":
                return await EnqueueAsync(request, limit.Token);
            case "drain":
                return await DrainAsync(request, limit.Token);
            case "release":
                await peer.ReleaseAsync(limit.Token);
                return new PeerReply();
            case "pace":
                return await PaceAsync(request, limit.Token);
            case "started":
                await WaitAsync(request, limit.Token);
                return new PeerReply(Handled: _handled.Distinct, Calls: _handled.Calls, OutOfOrder: _handled.OutOfOrder, Ticks: _handled.Started);
            case "close":
                await peer.CloseAsync(limit.Token);
                return new PeerReply();
            default:
                return new PeerReply($"'{request.Do}' is no command.");
        }
    }

    private async Task<PeerReply> EnqueueAsync(PeerRequest request, CancellationToken cancellationToken)
    {
        // One writer after the other within an aggregate, as an application that guards its aggregates has it: writer w has every eighth parcel.
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, Writers), cancellationToken, async (writer, token) =>
        {
            List<ParcelMoved> together = [];
            for (var number = writer; number < request.Count; number += Writers)
            {
                together.Add(ParcelMoved.Of(number, TimeProvider.System.GetUtcNow()));
                if (together.Count >= request.PerTransaction || number + Writers >= request.Count)
                {
                    await peer.EnqueueAsync(together, token);
                    together = [];
                }
            }
        });
        return new PeerReply(Seconds: Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private async Task<PeerReply> DrainAsync(PeerRequest request, CancellationToken cancellationToken)
    {
        GC.Collect();
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await peer.ReleaseAsync(cancellationToken);
        var effects = await WaitAsync(request, cancellationToken);
        return new PeerReply(
            Seconds: Stopwatch.GetElapsedTime(started).TotalSeconds,
            CpuSeconds: (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
            Handled: effects,
            Calls: _handled.Calls,
            OutOfOrder: _handled.OutOfOrder);
    }

    /// <summary>Waits for the handlers in memory, and only then for the last commit, so that the waiting costs the server nothing.</summary>
    private async Task<int> WaitAsync(PeerRequest request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var limit = TimeSpan.FromSeconds(request.LimitSeconds);
        while (_handled.Distinct < request.Count && Stopwatch.GetElapsedTime(started) < limit)
        {
            await Task.Delay(2, cancellationToken);
        }

        while (true)
        {
            var effects = await CountAsync(cancellationToken);
            if (effects >= request.Count || Stopwatch.GetElapsedTime(started) >= limit)
            {
                return effects;
            }

            await Task.Delay(5, cancellationToken);
        }
    }

    private async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT count(*)::int FROM parcel_effect");
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<PeerReply> PaceAsync(PeerRequest request, CancellationToken cancellationToken)
    {
        var ticks = new long[request.Count];
        var interval = TimeSpan.FromSeconds(1d / request.Rate);
        using var timer = new PeriodicTimer(interval);
        for (var number = 0; number < request.Count; number++)
        {
            ticks[number] = await peer.SendAsync(ParcelMoved.Of(number, TimeProvider.System.GetUtcNow()), cancellationToken);
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return new PeerReply(Ticks: ticks);
    }
}
