using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Platform.Messaging.Tests.Support;
using Platform.Messaging.Transports;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

public sealed class RelayTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Relay_publishes_everything_in_order_while_the_broker_comes_and_goes()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var broker = new Broker { Refuse = call => call % 3 == 1 ? new TransportUnavailableException("away") : null };
        await using var first = await StartAsync(database, broker);
        await using var second = await StartAsync(database, broker);

        await first.PublishAsync(from number in Enumerable.Range(0, 20) from clock in Enumerable.Range(0, 10) select new Ticked($"clock {clock}", number));

        await Eventually.BecomesTrueAsync(() => broker.Published.DistinctBy(e => e.Id).Count() == 200, TimeSpan.FromSeconds(20));
        Assert.All(broker.Published.DistinctBy(e => e.Id).GroupBy(e => e.AggregateId), clock =>
            Assert.Equal(clock.OrderBy(e => e.Position).Select(e => e.Id), clock.Select(e => e.Id)));
    }

    [Fact]
    public async Task Event_that_the_broker_refuses_is_counted_in_the_log_and_parked()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var broker = new Broker { RefuseEvent = e => e.AggregateId == "bad" };
        await using var host = await StartAsync(database, broker);

        await host.PublishAsync(new Ticked("good", 1), new Ticked("bad", 1), new Ticked("good", 2));

        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter WHERE subscription = 'broker'") == 1);
        await Eventually.BecomesTrueAsync(() => broker.Published.Count == 2);
        Assert.Equal("3|refused", await host.ScalarAsync<string>("SELECT concat_ws('|', attempts, last_error) FROM platform.core_outbox_event WHERE aggregate_id = 'bad'"));
    }

    private static Task<ShopHost> StartAsync(TestDatabase database, Broker broker) => ShopHost.StartAsync(database.ConnectionString, services => services
        .AddRelay("broker", _ => broker)
        .Configure<SubscriptionOptions>("broker", options =>
        {
            FailureTests.Quick(options);
            options.MaxAttempts = 3;
        }));

    private sealed class Broker : IEventTransport
    {
        private int _calls;

        public ConcurrentQueue<EventEnvelope> Published { get; } = new();

        public Func<int, Exception?> Refuse { get; init; } = _ => null;

        public Func<EventEnvelope, bool> RefuseEvent { get; init; } = _ => false;

        public Task PublishAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken)
        {
            if (Refuse(Interlocked.Increment(ref _calls)) is { } away)
            {
                throw away;
            }

            if (events.Any(RefuseEvent))
            {
                throw new InvalidOperationException("refused");
            }

            foreach (var e in events)
            {
                Published.Enqueue(e);
            }

            return Task.CompletedTask;
        }
    }
}
