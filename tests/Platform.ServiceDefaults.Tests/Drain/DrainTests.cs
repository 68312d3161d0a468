using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.Drain;

public sealed class DrainTests
{
    private const string Host = "Platform.ServiceDefaults.TestHost";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_request_fails_while_the_balancer_has_not_noticed_yet(bool keepsConnections)
    {
        await using var host = await HostProcess.StartAsync(Host, ("Platform__Drain__Delay", "00:00:02"));
        using var balancer = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = keepsConnections ? Timeout.InfiniteTimeSpan : TimeSpan.Zero })
        {
            BaseAddress = host.Client.BaseAddress,
        };
        var sending = true;
        var served = 0;
        var failures = new List<string>();
        var loops = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref sending))
            {
                try
                {
                    using var response = await balancer.GetAsync("/work", TestContext.Current.CancellationToken);
                    response.EnsureSuccessStatusCode();
                    Interlocked.Increment(ref served);
                }
                catch (HttpRequestException failure)
                {
                    lock (failures)
                    {
                        failures.Add(failure.ToString());
                    }
                }
            }
        })).ToArray();
        await Until.TrueAsync(() => Volatile.Read(ref served) > 100, "load");

        host.Signal(HostProcess.SigTerm);
        await Until.TrueAsync(async () => await StatusAsync(host, "/readyz") is HttpStatusCode.ServiceUnavailable, "readiness to go");
        var before = Volatile.Read(ref served);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Volatile.Write(ref sending, false);
        await Task.WhenAll(loops);

        Assert.Empty(failures);
        Assert.True(served > before, "It did not serve after the signal.");
        Assert.Equal(0, await host.ExitAsync());
    }

    [Fact]
    public async Task Long_request_is_finished_after_the_signal()
    {
        await using var host = await HostProcess.StartAsync(Host, ("Platform__Drain__Delay", "00:00:00.200"));
        var long_ = host.Client.GetStringAsync("/work?ms=2000", TestContext.Current.CancellationToken);
        await Until.TrueAsync(async () => await StatusAsync(host, "/healthz") is HttpStatusCode.OK, "the request to be under way");
        host.Signal(HostProcess.SigTerm);

        Assert.Equal("done", await long_);
        Assert.Equal(0, await host.ExitAsync());
    }

    [Fact]
    public async Task Second_signal_ends_the_wait()
    {
        await using var host = await HostProcess.StartAsync(Host, ("Platform__Drain__Delay", "00:01:00"));
        host.Signal(HostProcess.SigTerm);
        await Until.TrueAsync(() => host.Output.Any(line => line.Contains("Draining", StringComparison.Ordinal)), "the drain");
        var started = Stopwatch.GetTimestamp();
        host.Signal(HostProcess.SigInt);

        Assert.Equal(0, await host.ExitAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Development_stops_at_once()
    {
        await using var host = await HostProcess.StartAsync(Host, ("ASPNETCORE_ENVIRONMENT", "Development"));
        var started = Stopwatch.GetTimestamp();
        host.Signal(HostProcess.SigInt);

        Assert.Equal(0, await host.ExitAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Every_line_of_standard_output_is_json_and_the_last_ones_are_not_lost()
    {
        await using var host = await HostProcess.StartAsync(Host, ("Platform__Drain__Delay", "00:00:00.100"), ("OTEL_SERVICE_NAME", "shop"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/log?text=" + Uri.EscapeDataString("a\nb"));
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("X-Correlation-Id", "caller-1");
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        host.Signal(HostProcess.SigTerm);
        Assert.Equal(0, await host.ExitAsync());

        var lines = host.Output.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.All(lines, line => Assert.Equal("shop", line.GetProperty("service").GetString()));
        var logged = Assert.Single(lines, line => line.GetProperty("category").GetString() == "Program");
        Assert.Equal("Working on a\nb", logged.GetProperty("message").GetString());
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", logged.GetProperty("trace_id").GetString());
        Assert.Equal("caller-1", logged.GetProperty("scope").GetProperty("correlation_id").GetString());
        Assert.Equal(["correlation_id", "RequestPath"], logged.GetProperty("scope").EnumerateObject().Select(field => field.Name));
        Assert.Contains(lines, line => line.GetProperty("message").GetString()!.StartsWith("Stopping:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_that_dies_of_an_exception_has_written_what_it_logged()
    {
        await using var host = await HostProcess.StartAsync(Host);
        await host.Client.GetAsync("/die", TestContext.Current.CancellationToken).ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.NotEqual(0, await host.ExitAsync());
        await Until.TrueAsync(() => host.Output.Any(line => line.Contains("last words", StringComparison.Ordinal)), "the last words");
    }

    private static async Task<HttpStatusCode> StatusAsync(HostProcess host, string path)
    {
        using var response = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
