using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Sending;

/// <summary>A context of the user's own: another schema, one lane, registered without a pool, retries on.</summary>
public sealed class AnyContextTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Context_in_a_schema_of_its_own_sends_and_handles_and_its_strategy_repeats_a_transaction_of_the_users()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        using var host = Build(database.ConnectionString);
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Ledger>().Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        }

        await host.StartAsync(TestContext.Current.CancellationToken);
        var tries = 0;
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var ledger = scope.ServiceProvider.GetRequiredService<Ledger>();
            var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
            await ledger.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                ledger.ChangeTracker.Clear();
                await using var transaction = await ledger.Database.BeginTransactionAsync();
                outbox.Enqueue(new Ticked("a", ++tries));
                await ledger.SaveChangesAsync();
                if (tries < 3)
                {
                    throw new TimeoutException("The network, for a moment.");
                }

                await transaction.CommitAsync();
            });
        }

        await Eventually.BecomesTrueAsync(async () =>
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<Ledger>().Entries.Select(entry => entry.Number).ToListAsync() is [3];
        });
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost Build(string connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddDbContext<Ledger>(options => options.UseNpgsql(
            connectionString, npgsql => npgsql.EnableRetryOnFailure(5, TimeSpan.FromMilliseconds(20), null)));
        builder.Services.AddEvents(events => events.Add("ledger.ticked.v1", ShopJson.Default.Ticked, "clock", ticked => ticked.Aggregate));
        builder.Services.AddMessaging<Ledger>();
        builder.Services.AddSubscription("ledger", s => s.Handle<Ticked, Post>());
        return builder.Build();
    }

    private sealed class Entry
    {
        public long Id { get; init; }

        public int Number { get; init; }
    }

    private sealed class Ledger(DbContextOptions<Ledger> options) : DbContext(options)
    {
        public DbSet<Entry> Entries => Set<Entry>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.HasDefaultSchema("Books");
            modelBuilder.ApplyMessaging("My Events", laneCount: 1);
        }
    }

    private sealed class Post(Ledger ledger) : IEventHandler<Ticked>
    {
        public Task HandleAsync(Ticked @event, EventContext context, CancellationToken cancellationToken)
        {
            ledger.Entries.Add(new Entry { Number = @event.Number });
            return Task.CompletedTask;
        }
    }
}
