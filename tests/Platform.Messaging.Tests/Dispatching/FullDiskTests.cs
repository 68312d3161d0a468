using Microsoft.Extensions.DependencyInjection;
using Platform.Messaging.Tests.Support;
using Platform.Messaging.Transports;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

/// <summary>A disk that is full takes no event's tries, and nothing counts as published or handled that is not written.</summary>
public sealed class FullDiskTests(PostgresFixture postgres)
{
    private const string Positions = "SELECT coalesce(max(position), 0) FROM platform.core_subscription_lane";

    [Fact]
    public async Task Relay_whose_database_cannot_write_marks_nothing_published_and_goes_on_when_it_can()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var broker = new Disk();
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services.AddRelay("broker", _ => broker));
        await host.OwnedAsync("broker");
        await FillAsync(host, "platform.core_subscription_lane");

        await host.PublishAsync(new Ticked("a", 1), new Ticked("a", 2));
        await Eventually.BecomesTrueAsync(() => broker.Published.Count > 0);
        Assert.Equal(0L, await host.ScalarAsync<long>(Positions));
        await FreeAsync(host, "platform.core_subscription_lane");

        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>(Positions) >= 2);
        Assert.Equal([1L, 2L], broker.Published.DistinctBy(e => e.Id).Select(e => e.Position));
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT sum(attempts) + (SELECT count(*) FROM platform.core_dead_letter) FROM platform.core_outbox_event"));
    }

    [Fact]
    public async Task Transport_whose_disk_is_full_blames_no_event()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var broker = new Disk { Full = 6 };
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddRelay("broker", _ => broker)
            .Configure<SubscriptionOptions>("broker", options => options.MaxAttempts = 1));

        await host.PublishAsync(new Ticked("a", 1), new Ticked("a", 2));

        await Eventually.BecomesTrueAsync(() => broker.Published.DistinctBy(e => e.Id).Count() == 2);
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT sum(attempts) + (SELECT count(*) FROM platform.core_dead_letter) FROM platform.core_outbox_event"));
    }

    [Fact]
    public async Task Handler_whose_effect_finds_no_room_is_tried_until_there_is_some()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>().Configure(o => o.MaxAttempts = 1)));
        await FillAsync(host, "effects");

        await host.PublishAsync(new Ticked("a", 1));
        await Eventually.BecomesTrueAsync(() => host.Script.CallsOf("a", 1) >= 2);
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT (SELECT count(*) FROM platform.core_dead_letter) + (SELECT count(*) FROM platform.core_inbox_event)"));
        await FreeAsync(host, "effects");

        await host.EffectsAsync(1);
    }

    // What PostgreSQL says when it cannot extend a file (PostgreSQL manual, appendix A: 53100, disk_full).
    private static Task<int> FillAsync(ShopHost host, string table) => host.ExecuteAsync($$"""
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $f$;
        CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {{table}} FOR EACH ROW EXECUTE FUNCTION full_disk();
        """);

    private static Task<int> FreeAsync(ShopHost host, string table) => host.ExecuteAsync($"DROP TRIGGER full_disk ON {table}");

    private sealed class Disk : IEventTransport
    {
        private readonly Lock _gate = new();
        private readonly List<EventEnvelope> _published = [];

        public int Full { get; set; }

        public IReadOnlyList<EventEnvelope> Published
        {
            get
            {
                lock (_gate)
                {
                    return [.. _published];
                }
            }
        }

        public Task PublishAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                if (Full > 0)
                {
                    Full--;
                    throw new IOException("No space left on device");
                }

                _published.AddRange(events);
                return Task.CompletedTask;
            }
        }
    }
}
