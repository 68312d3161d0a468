using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Benchmarks.Outbox.Contract;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging;

namespace Platform.Benchmarks.Outbox.Peers;

/// <summary>The processes that the chaos run kills: consumers with everything at its default, and senders.</summary>
internal static class ChaosEntry
{
    public const string Command = "outbox-victim";

    /// <summary>Printed once the process works.</summary>
    public const string Ready = "ready";

    private static readonly TimeSpan BetweenTransactions = TimeSpan.FromMilliseconds(10);

    /// <summary>Consumes until it is killed or its standard input ends.</summary>
    public static async Task<int> ConsumeAsync()
    {
        using var host = Build(consumer: true);
        await host.StartAsync();
        await Console.Out.WriteLineAsync(Ready);
        await InputEndsAsync();
        await host.StopAsync();
        return 0;
    }

    /// <summary>Sends the events of its share of parcels, one to three in a transaction, until it is killed or its standard input ends.</summary>
    /// <param name="index">Which sender it is.</param>
    /// <param name="senders">How many there are.</param>
    public static async Task<int> SendAsync(int index, int senders)
    {
        using var host = Build(consumer: false);
        await host.StartAsync();
        var steps = await LastStepsAsync();
        var parcels = Enumerable.Range(0, ParcelMoved.Parcels).Where(parcel => parcel % senders == index).ToArray();
        var end = InputEndsAsync();
        for (var turn = 0; !end.IsCompleted; turn++)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<PlatformContext>();
            var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
            for (var i = 0; i < 1 + (turn % 3); i++)
            {
                var parcel = parcels[((turn * 3) + i) % parcels.Length];
                var step = steps[parcel] = steps.GetValueOrDefault(parcel, -1) + 1;
                var moved = ParcelMoved.Of((step * ParcelMoved.Parcels) + parcel, TimeProvider.System.GetUtcNow());
                context.Moves.Add(ParcelMove.Of(moved));
                outbox.Enqueue(moved);
            }

            await context.SaveChangesAsync();
            if (turn == 0)
            {
                await Console.Out.WriteLineAsync(Ready);
            }

            await Task.Delay(BetweenTransactions);
        }

        return 0;
    }

    private static async Task InputEndsAsync()
    {
        // Not Console.In, which blocks its caller.
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync() is not null)
        {
            // Whatever is said.
        }
    }

    /// <summary>A sender that was killed left off here; what it had not committed never happened.</summary>
    private static async Task<Dictionary<int, int>> LastStepsAsync()
    {
        Dictionary<int, int> steps = [];
        await using var database = NpgsqlDataSource.Create(Connection());
        await using var command = database.CreateCommand("SELECT parcel, max(step) FROM parcel_move GROUP BY parcel");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            steps[reader.GetInt32(0)] = reader.GetInt32(1);
        }

        return steps;
    }

    private static IHost Build(bool consumer)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddDbContextPool<PlatformContext>(options => options.UseNpgsql(Connection()));
        builder.Services.AddEvents(events => events.Add(
            "parcels.moved.v1", ParcelJson.Default.ParcelMoved, "parcel", moved => ParcelMoved.ParcelId(moved.Parcel)));
        builder.Services.AddMessaging<PlatformContext>();
        if (consumer)
        {
            builder.Services.AddSingleton(new HandledLog(0));
            builder.Services.AddSubscription(EffectContext.Consumer, subscription => subscription.Handle<ParcelMoved, ParcelHandler>());
        }

        return builder.Build();
    }

    private static string Connection() => Environment.GetEnvironmentVariable(PeerProgram.ConnectionVariable)!;
}
