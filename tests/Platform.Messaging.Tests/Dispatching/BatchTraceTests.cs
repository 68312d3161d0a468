using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Messaging.Tests.Support;
using Platform.Messaging.Transports;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

public sealed class BatchTraceTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Batch_is_a_span_that_links_to_what_sent_each_of_its_events_and_each_is_handled_in_its_own_trace()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        var traces = await SendAsync(database.ConnectionString, 10);

        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("linked", s => s.Handle<Ticked, RecordTick>().Configure(o => o.Concurrency = 1)));
        await host.EffectsAsync(10);

        var batches = spans.Where(span => span.OperationName == "process batch linked").ToList();
        Assert.NotEmpty(batches);
        Assert.All(batches, batch => Assert.Equal(batch.Links.Count(), batch.GetTagItem("messaging.batch.message_count")));
        var handled = spans.Where(span => span.OperationName == "process tests.ticked.v1" && Equals(span.GetTagItem("messaging.consumer.group.name"), "linked")).ToList();
        Assert.Equal(traces.Order(), handled.Select(span => span.TraceId.ToString()).Order());
        Assert.Subset(traces.ToHashSet(), batches.SelectMany(batch => batch.Links).Select(link => link.Context.TraceId.ToString()).ToHashSet());
    }

    [Fact]
    public async Task Relay_publishes_one_event_in_its_trace_and_several_in_a_span_that_links_to_them()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        var traces = await SendAsync(database.ConnectionString, 6);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddRelay("traced", _ => new Nowhere())
            .Configure<SubscriptionOptions>("traced", options => options.Concurrency = 1));
        await Eventually.BecomesTrueAsync(() => Published().Sum(span => (int)span.GetTagItem("messaging.batch.message_count")!) == 6);
        Assert.Contains(Published(), span => span.Links.Count() > 1 && span.Links.All(link => traces.Contains(link.Context.TraceId.ToString())));

        var single = Assert.Single(await SendAsync(database.ConnectionString, 1));

        await Eventually.BecomesTrueAsync(() => Published().Any(span => span.TraceId.ToString() == single));

        IEnumerable<Activity> Published() => spans.Where(span => span.OperationName == "publish traced");
    }

    [Fact]
    public async Task Call_of_a_handler_to_another_service_is_part_of_the_trace_of_the_request_also_across_a_restart()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        var address = FreeAddress();
        using var service = new HttpListener { Prefixes = { address.AbsoluteUri } };
        var trace = Assert.Single(await SendAsync(database.ConnectionString, 1));
        service.Start();
        var called = AnswerAsync(service);
        using var http = new HttpClient();

        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("calls", s => s.Handle<Ticked, OutsideTick>()));
        host.Script.Act = (_, _, _, cancel) => http.GetAsync(address, cancel);
        await host.EffectsAsync(1);

        var parent = ActivityContext.Parse((await called)!, null);
        Assert.Equal(trace, parent.TraceId.ToString());
    }

    private static Uri FreeAddress() => new($"http://127.0.0.1:{FreePort.Find()}/");

    private static async Task<string?> AnswerAsync(HttpListener service)
    {
        var call = await service.GetContextAsync();
        call.Response.Close();
        return call.Request.Headers["traceparent"];
    }

    /// <summary>Commits events, each in a trace of its own, by a process that has ended when this returns.</summary>
    private static async Task<List<string>> SendAsync(string connectionString, int count)
    {
        var traces = new List<string>();
        await using var sender = await ShopHost.StartAsync(connectionString);
        for (var i = 0; i < count; i++)
        {
            using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).SetParentId(
                ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded).Start();
            await sender.PublishAsync(new Ticked($"clock {i}", 1));
            traces.Add(request.TraceId.ToString());
        }

        return traces;
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is MessagingTelemetry.Name or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class Nowhere : IEventTransport
    {
        public Task PublishAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
