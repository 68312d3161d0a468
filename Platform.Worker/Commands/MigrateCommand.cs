using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Platform.Domain.DemoData;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Identity;

namespace Platform.Worker.Commands;

/// <summary>Brings the database to the present schema, adds the token server's keys and scopes, and in Development a client and demo data. Hosts wait for it and never migrate by themselves.</summary>
/// <remarks>Runs any number of times, also at once: EF Core takes a lock in the database while it migrates.</remarks>
internal sealed partial class MigrateCommand : WorkerCommand
{
    // A server that is just being started by the same topology answers within this time.
    private static readonly TimeSpan ServerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ServerRetry = TimeSpan.FromMilliseconds(500);

    public override string Name => "migrate";

    public override string Summary => "bring the database to the present schema, then end";

    protected override void Configure(IHostApplicationBuilder builder) => builder.Services.AddIdentityStores<PlatformDbContext>();

    protected override async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var logger = services.GetRequiredService<ILogger<MigrateCommand>>();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();

        await MigrateAsync(database, services.GetRequiredService<TimeProvider>(), logger, cancellationToken);

        // Neither needs the other, and everything else waits for both.
        await Task.WhenAll(
            SeedIdentityAsync(services, cancellationToken),
            services.GetRequiredService<IHostEnvironment>().IsDevelopment() ? AddDemoDataAsync(services, logger, cancellationToken) : Task.CompletedTask);
        return 0;
    }

    private static Task SeedIdentityAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            await using var scope = services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IdentitySeed>().RunAsync(cancellationToken);
        },
        cancellationToken);

    private static async Task AddDemoDataAsync(IServiceProvider services, ILogger logger, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<DemoDataSeed>().RunAsync(cancellationToken))
        {
            Log.DemoDataAdded(logger);
        }
    }

    private static async Task MigrateAsync(PlatformDbContext database, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                // EF asks for the history before it knows that there is one, and the server writes the refusal to its log as an error.
                await database.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
                var pending = (await database.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
                if (pending > 0)
                {
                    await database.Database.MigrateAsync(cancellationToken);
                }

                Log.Migrated(logger, pending);
                return;
            }
            catch (Exception e) when (IsServerAway(e) && time.GetElapsedTime(start) < ServerLimit)
            {
                Log.ServerAway(logger, e.Message);
                await Task.Delay(ServerRetry, time, cancellationToken);
            }
        }
    }

    // The retrying execution strategy wraps what made it give up.
    private static bool IsServerAway(Exception exception) =>
        exception is NpgsqlException { IsTransient: true } || exception.InnerException is NpgsqlException { IsTransient: true };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The database has the present schema, {Applied} migrations were applied")]
        public static partial void Migrated(ILogger logger, int applied);

        [LoggerMessage(2, LogLevel.Information, "Demo data was added")]
        public static partial void DemoDataAdded(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "The database server is away, trying again: {Reason}")]
        public static partial void ServerAway(ILogger logger, string reason);
    }
}
