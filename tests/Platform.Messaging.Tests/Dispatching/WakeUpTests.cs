using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

/// <summary>The poll is a minute away in all of these: only a notification brings the event in time.</summary>
public sealed class WakeUpTests(PostgresFixture postgres)
{
    public enum Way
    {
        SaveChanges,
        ExplicitTransaction,
        PlainConnection,
    }

    [Theory]
    [InlineData(Way.SaveChanges)]
    [InlineData(Way.ExplicitTransaction)]
    [InlineData(Way.PlainConnection)]
    public async Task Commit_in_one_process_wakes_the_handler_in_another(Way way)
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var sender = await ShopHost.StartAsync(database.ConnectionString);
        await using var consumer = await ShopHost.StartAsync(database.ConnectionString, services => services
            .Configure<MessagingOptions>(options => options.PollInterval = TimeSpan.FromMinutes(1))
            .AddSubscription("record", s => s.Handle<Ticked, RecordTick>()));
        await sender.OwnedAsync("record");

        for (var number = 0; number < 10; number++)
        {
            await SendAsync(sender, database.ConnectionString, way, new Ticked("a", number));
            await Eventually.BecomesTrueAsync(async () => (await sender.EffectsAsync()).Count == number + 1, TimeSpan.FromSeconds(5));
        }
    }

    private static Task SendAsync(ShopHost sender, string connectionString, Way way, Ticked ticked) => sender.WithScopeAsync(async (shop, outbox) =>
    {
        switch (way)
        {
            case Way.SaveChanges:
                outbox.Enqueue(ticked);
                await shop.SaveChangesAsync();
                break;
            case Way.ExplicitTransaction:
                await using (var transaction = await shop.Database.BeginTransactionAsync())
                {
                    outbox.Enqueue(ticked);
                    await shop.SaveChangesAsync();
                    await transaction.CommitAsync();
                }

                break;
            case Way.PlainConnection:
                await using (var connection = new NpgsqlConnection(connectionString))
                {
                    await connection.OpenAsync();
                    await sender.Services.GetRequiredService<OutboxWriter>().EnqueueAsync(connection, null, ticked);
                }

                break;
        }
    });
}
