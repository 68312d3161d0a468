using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Operations;

public sealed class RetentionTests(PostgresFixture postgres)
{
    [Fact]
    public async Task What_every_subscription_is_past_and_is_old_is_deleted_and_nothing_else()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using (var host = await StartAsync(database))
        {
            await host.PublishAsync(Enumerable.Range(0, 30).Select(clock => new Ticked($"old {clock}", 0)));
            await host.EffectsAsync(30);
        }

        await using var sender = await ShopHost.StartAsync(database.ConnectionString);
        await sender.ExecuteAsync("UPDATE platform.core_outbox_event SET occurred_at = now() - interval '8 days'");
        await sender.ExecuteAsync("UPDATE platform.core_inbox_event SET handled_at = now() - interval '31 days'");
        // One that is old and not handled by all: a subscription that nobody runs any more still counts.
        await sender.ExecuteAsync("INSERT INTO platform.core_subscription_lane (subscription, lane, position, reads_log, epoch, released, crashes, suspect_attempts, updated_at) "
            + "SELECT 'idle', lane, min(position) - 1, true, 0, true, 0, 0, now() FROM platform.core_outbox_event WHERE lane = (SELECT min(lane) FROM platform.core_outbox_event) GROUP BY lane");
        var kept = await sender.ScalarAsync<long>("SELECT count(*) FROM platform.core_outbox_event WHERE lane = (SELECT min(lane) FROM platform.core_outbox_event)");
        await sender.ExecuteAsync("UPDATE platform.core_lease SET due_at = now(), expires_at = '-infinity'");
        await using var cleaner = await StartAsync(database);

        await Eventually.BecomesTrueAsync(async () => await sender.ScalarAsync<long>("SELECT count(*) FROM platform.core_inbox_event") == 0);
        await Eventually.BecomesTrueAsync(async () => await sender.ScalarAsync<long>("SELECT count(*) FROM platform.core_outbox_event") == kept);
    }

    private static Task<ShopHost> StartAsync(TestDatabase database) => ShopHost.StartAsync(
        database.ConnectionString, services => services.AddSubscription("record", s => s.Handle<Ticked, RecordTick>()));
}
