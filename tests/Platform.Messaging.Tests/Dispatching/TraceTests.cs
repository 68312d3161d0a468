using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

public sealed class TraceTests(PostgresFixture postgres)
{
    [Fact]
    public async Task One_trace_leads_from_the_request_over_the_handler_to_what_it_enqueues_also_across_a_restart()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var spans = new ConcurrentQueue<Activity>();
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MessagingTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using (var sender = await ShopHost.StartAsync(database.ConnectionString))
        {
            request.AddBaggage(MessagingTelemetry.CorrelationBaggage, "call 1");
            await sender.PublishAsync(new Ticked("a", 1));
        }

        request.Stop();
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("chain", s => s.Handle<Ticked, Chain>())
            .AddSubscription("tock", s => s.Handle<Tocked, RecordTock>()));
        await host.EffectsAsync(1);

        await Eventually.BecomesTrueAsync(() => spans.Count(span => span.TraceId == request.TraceId) == 4);
        var trace = spans.Where(span => span.TraceId == request.TraceId).ToDictionary(span => span.OperationName);
        Assert.Equal(request.SpanId, trace["send tests.ticked.v1"].ParentSpanId);
        Assert.Equal(trace["send tests.ticked.v1"].SpanId, trace["process tests.ticked.v1"].ParentSpanId);
        Assert.Equal(trace["process tests.ticked.v1"].SpanId, trace["send tests.tocked.v1"].ParentSpanId);
        Assert.Equal(trace["send tests.tocked.v1"].SpanId, trace["process tests.tocked.v1"].ParentSpanId);
        Assert.Equal((ActivityKind.Producer, ActivityKind.Consumer), (trace["send tests.ticked.v1"].Kind, trace["process tests.ticked.v1"].Kind));
        Assert.Equal(2L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_outbox_event WHERE correlation_id = 'call 1'"));

        // OpenTelemetry semantic conventions, "Messaging spans": the name is the operation and the destination.
        Assert.All(trace, span =>
        {
            var (operation, destination) = (span.Key[..span.Key.IndexOf(' ', StringComparison.Ordinal)], span.Key[(span.Key.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            Assert.Equal("platform", span.Value.GetTagItem("messaging.system"));
            Assert.Equal(operation, span.Value.GetTagItem("messaging.operation.name"));
            Assert.Equal(operation, span.Value.GetTagItem("messaging.operation.type"));
            Assert.Equal(destination, span.Value.GetTagItem("messaging.destination.name"));
            Assert.NotNull(span.Value.GetTagItem("messaging.message.id"));
        });
        Assert.Equal("chain", trace["process tests.ticked.v1"].GetTagItem("messaging.consumer.group.name"));
    }

    [Fact]
    public async Task Metrics_tell_what_was_published_handled_retried_parked_and_what_waits()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var sums = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == MessagingTelemetry.Name)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.Start();
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("metered", s => s.Handle<Ticked, ScriptedTick>().Configure(FailureTests.Quick).Configure(o => o.MaxAttempts = 2)));
        host.Script.Act = (ticked, _, _, _) => ticked.Number == 0 ? throw new InvalidOperationException("no") : Task.CompletedTask;

        await host.PublishAsync(new Ticked("a", 0), new Ticked("b", 1), new Ticked("c", 1));

        await Eventually.BecomesTrueAsync(() => sums.GetValueOrDefault("platform.messaging.handled") == 2
            && sums.GetValueOrDefault("platform.messaging.parked") == 1 && sums.GetValueOrDefault("platform.messaging.retried") == 1);
        Assert.True(sums["messaging.process.duration"] > 0);
        await Eventually.BecomesTrueAsync(() =>
        {
            listener.RecordObservableInstruments();
            return sums.ContainsKey("platform.messaging.pending") && sums.ContainsKey("platform.messaging.oldest.age");
        });

        await using (var scope = host.Services.CreateAsyncScope())
        {
            var inbox = scope.ServiceProvider.GetRequiredService<IInbox>();
            Assert.True(await inbox.ProcessAsync("evt_1", "metered", _ => Task.CompletedTask, TestContext.Current.CancellationToken));
            Assert.False(await inbox.ProcessAsync("evt_1", "metered", _ => Task.CompletedTask, TestContext.Current.CancellationToken));
        }

        Assert.Equal(1, sums["platform.messaging.duplicates"]);
        Assert.True(sums["published"] >= 3);

        void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (name == "platform.messaging.published" && tag.Value is "tests.ticked.v1")
                {
                    sums.AddOrUpdate("published", value, (_, sum) => sum + value);
                }

                if (tag.Value is "metered")
                {
                    sums.AddOrUpdate(name, value, (_, sum) => sum + value);
                }
            }
        }
    }

    private sealed class Chain(IOutbox outbox) : IEventHandler<Ticked>
    {
        public Task HandleAsync(Ticked @event, EventContext context, CancellationToken cancellationToken)
        {
            outbox.Enqueue(new Tocked(@event.Aggregate, @event.Number));
            return Task.CompletedTask;
        }
    }
}
