using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platform.FeatureFlags;
using Platform.ServiceDefaults.FeatureFlags.Streams;
using Platform.Testing;

namespace Platform.FlagServing.Tests.Ofrep;

public sealed class StreamTests
{
    private static readonly FlagDefinition On = new() { Name = "on", Everyone = true };
    private static readonly FlagDefinition Off = new() { Name = "on" };

    [Fact]
    public async Task Stream_tells_the_present_state_then_each_change_and_resumes_where_it_was()
    {
        await using var host = await OfrepHost.StartAsync();
        host.With(On);
        string first;
        using (var stream = await OpenAsync(host, await AddressAsync(host)))
        {
            first = await stream.EventAsync();
            Assert.Contains("\"type\":\"refetchEvaluation\"", first, StringComparison.Ordinal);
            host.With(Off);
            Assert.NotEqual(first, await stream.EventAsync());
            host.With(On);
            Assert.Equal(first, await stream.EventAsync());
        }

        // Who knows the state hears nothing, until it changes.
        using var resumed = await OpenAsync(host, await AddressAsync(host), host.Host.Flags.Snapshot.Fingerprint);
        host.With(Off);
        Assert.NotEqual(first, await resumed.EventAsync());
    }

    [Fact]
    public async Task Platforms_own_stream_takes_a_token_of_the_caller_and_tells_the_version()
    {
        await using var host = await OfrepHost.StartAsync();
        host.With(On);
        using var refused = await host.Host.GetAsync("/api/v1/flags/stream");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var stream = await OpenAsync(host, "/api/v1/flags/stream", token: host.Token());
        Assert.Equal($$"""{"version":1,"fingerprint":"{{host.Host.Flags.Snapshot.Fingerprint}}"}""", await stream.EventAsync());
    }

    [Fact]
    public async Task Address_of_a_stream_expires_and_cannot_be_made_up()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
        await using var host = await OfrepHost.StartAsync(services: services => services.AddSingleton<TimeProvider>(clock));
        host.With(On);
        var address = await AddressAsync(host);
        using (await OpenAsync(host, address))
        {
        }

        using var forged = await host.Host.GetAsync(address[..^3] + "AAA");
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);

        // The token opens streams, and nothing else.
        using var other = await host.SendAsync("/ofrep/v1/evaluate/flags" + address[address.IndexOf('?', StringComparison.Ordinal)..], "{}", null, null);
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
        clock.Advance(TimeSpan.FromMinutes(10));
        using var late = await host.Host.GetAsync(address);
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
    }

    [Fact]
    public async Task Streams_are_bounded_and_a_closed_one_makes_room()
    {
        await using var host = await OfrepHost.StartAsync(new() { ["Platform:FeatureFlags:Streams:MaxStreams"] = "2" });
        host.With(On);
        var address = await AddressAsync(host);
        var first = await OpenAsync(host, address);
        using var second = await OpenAsync(host, address);
        using var third = await host.Host.GetAsync(address);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);

        first.Dispose();
        var streams = host.Host.Services.GetRequiredService<FlagStreams>();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(streams.Open == 1));
        using var fourth = await OpenAsync(host, address);
        Assert.NotEmpty(await fourth.EventAsync());
    }

    [Fact]
    public async Task Stream_lives_by_heartbeats_and_ends_after_its_time()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
        await using var host = await OfrepHost.StartAsync(services: services => services.AddSingleton<TimeProvider>(clock));
        host.With(On);
        using var stream = await OpenAsync(host, await AddressAsync(host));
        await stream.EventAsync();
        Assert.Equal(":", await PassAsync(clock, TimeSpan.FromSeconds(15), stream.LineAsync()));
        clock.Advance(TimeSpan.FromMinutes(30));
        await stream.EndAsync();
    }

    [Fact]
    public async Task Where_the_clock_decides_clients_are_told_to_ask_again()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
        await using var host = await OfrepHost.StartAsync(
            new() { ["Platform:FeatureFlags:Streams:Heartbeat"] = "00:10:00" }, services => services.AddSingleton<TimeProvider>(clock));
        host.With(On with { Everyone = null, Percent = 100, Windows = [new TimeWindowDefinition { End = clock.GetUtcNow().AddHours(1) }] });
        using var stream = await OpenAsync(host, await AddressAsync(host));
        var first = await stream.EventAsync();
        Assert.Equal(first, await PassAsync(clock, TimeSpan.FromMinutes(1), stream.EventAsync()));
    }

    /// <summary>Lets time pass until something comes: the server may not wait for its clock yet when what it sent before is here.</summary>
    private static async Task<string> PassAsync(FakeTimeProvider clock, TimeSpan step, Task<string> next)
    {
        for (var steps = 0; steps < 50 && !next.IsCompleted; steps++)
        {
            clock.Advance(step);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        return await next;
    }

    private static async Task<string> AddressAsync(OfrepHost host)
    {
        using var response = await host.EvaluateAllAsync();
        var body = await OfrepSchema.CheckBulkAsync(response);
        return body.GetProperty("eventStreams")[0].GetProperty("endpoint").GetProperty("requestUri").GetString()!;
    }

    private static async Task<EventReader> OpenAsync(OfrepHost host, string address, string? lastEventId = null, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept", "text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        var response = await host.Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    private sealed class EventReader(HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

        /// <summary>The data of the next event.</summary>
        public async Task<string> EventAsync()
        {
            while (true)
            {
                var line = await LineAsync();
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return line["data: ".Length..];
                }
            }
        }

        /// <summary>The next line that is not empty.</summary>
        public async Task<string> LineAsync()
        {
            while (true)
            {
                var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
                Assert.NotNull(line);
                if (line.Length > 0)
                {
                    return line;
                }
            }
        }

        public async Task EndAsync()
        {
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken) is not null)
            {
            }
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
        }
    }
}
