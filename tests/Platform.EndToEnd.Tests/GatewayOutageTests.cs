using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Platform.Client;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>
/// The gateway fails, takes long, accepts and never answers, and comes back: orders wait and are charged once, the API never notices, and a trace is whole though the worker
/// dies in between. A dozen orders in each case; <c>PLATFORM_OUTAGE_ORDERS=500</c> makes it more.
/// </summary>
[Collection("one platform, and one test kills its worker")]
public sealed class GatewayOutageTests(RunningPlatform platform, ITestOutputHelper output)
{
    private static readonly int Orders = int.TryParse(Environment.GetEnvironmentVariable("PLATFORM_OUTAGE_ORDERS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90 + (Orders / 4));

    [Theory]
    [InlineData("fails", 1, 0, 600)]
    [InlineData("accepts and never answers", 0, 60_000, 60_000)]
    public async Task Orders_wait_out_a_gateway_that(string trouble, double failureRate, int latencyMs, int readLatencyMs)
    {
        using var api = await platform.ClientAsync();
        var (usual, _) = await PlaceAsync(api);
        await KnobsAsync(failureRate, latencyMs, readLatencyMs);
        var (during, orders, opened, found) = (new List<double>(), new List<string>(), TimeSpan.Zero, 0);
        var start = Stopwatch.GetTimestamp();
        try
        {
            (during, orders) = await PlaceAsync(api);
            await Eventually.BecomesTrueAsync(async () => await BreakerAsync(api) == "open", Limit);
            opened = Stopwatch.GetElapsedTime(start);

            // The API takes orders as ever, and shows them. Half of what fails has charged: the worker asks, and those are paid meanwhile.
            orders.Add(await api.PlaceOrderAsync(await api.FirstIdAsync("customers"), await api.FirstIdAsync("products")));
            await Eventually.BecomesTrueAsync(
                async () =>
                {
                    found = 0;
                    foreach (var order in orders)
                    {
                        found += await api.StatusAsync(order) is "paid" ? 1 : 0;
                    }

                    return found > 0 == failureRate > 0;
                },
                Limit);
            await Eventually.BecomesTrueAsync(async () => await SecondReadsAsync() > 0, Limit);
        }
        finally
        {
            await KnobsAsync(0, 0);
        }

        start = Stopwatch.GetTimestamp();
        await ChargedOnceAsync(api, orders);
        await Eventually.BecomesTrueAsync(async () => await BreakerAsync(api) == "closed", Limit);
        Tell(trouble, usual, during, $"breaker open after {opened.TotalSeconds:0.0} s, {found} charges found meanwhile", Stopwatch.GetElapsedTime(start));
    }

    [Fact]
    public async Task Orders_are_charged_by_a_gateway_that_takes_its_time_and_the_breaker_stays_closed()
    {
        using var api = await platform.ClientAsync();
        var (usual, _) = await PlaceAsync(api);
        await KnobsAsync(0, 2_000);
        var start = Stopwatch.GetTimestamp();
        try
        {
            var (during, orders) = await PlaceAsync(api);
            await ChargedOnceAsync(api, orders);
            Assert.Equal("closed", await BreakerAsync(api));
            Tell("takes 2 s", usual, during, "breaker closed", Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            await KnobsAsync(0, 0);
        }
    }

    [Fact]
    public async Task One_trace_leads_from_the_request_to_the_gateways_own_log_though_the_worker_dies_in_between()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var api = await platform.ClientAsync();
        var (customer, product) = (await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
        string order;
        await KnobsAsync(1, 0);
        try
        {
            api.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
            var placed = await new PlatformClient(api).Orders.PlaceOrderAsync(
                new() { CustomerId = Guid.Parse(customer), Lines = [new() { ProductId = Guid.Parse(product), Quantity = 1 }] }, cancellationToken: TestContext.Current.CancellationToken);
            api.DefaultRequestHeaders.Remove("traceparent");
            Assert.Equal(Trace, placed.TraceId);
            order = placed.Required.Id.ToString();
            Signals.Send(await WorkerCrashTests.WorkerProcessAsync(platform), Signals.Kill);
        }
        finally
        {
            await KnobsAsync(0, 0);
        }

        await Eventually.BecomesTrueAsync(async () => await api.StatusAsync(order) == "paid", Limit);
        await Eventually.BecomesTrueAsync(
            () => platform.Output.Split('\n').Any(line => line.Contains($"for order {order}, trace {Trace}", StringComparison.Ordinal)), Limit);
    }

    private static async Task<(List<double> Times, List<string> Orders)> PlaceAsync(HttpClient api)
    {
        var (customer, product) = (await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
        var (times, orders) = (new List<double>(), new List<string>());
        for (var i = 0; i < Orders; i++)
        {
            var start = Stopwatch.GetTimestamp();
            orders.Add(await api.PlaceOrderAsync(customer, product));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return (times, orders);
    }

    private async Task ChargedOnceAsync(HttpClient api, List<string> orders)
    {
        foreach (var order in orders)
        {
            await Eventually.BecomesTrueAsync(async () => await api.StatusAsync(order) == "paid", Limit);
            Assert.Equal(["captured"], (await platform.ChargesAsync(order)).Select(charge => charge.Status));
        }
    }

    // A request that had to do with the gateway would take seconds.
    private void Tell(string trouble, List<double> usual, List<double> during, string breaker, TimeSpan paid)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"gateway {trouble}: placing an order took {Share(during, 0.5):0.0} ms, p99 {Share(during, 0.99):0.0} ms; {Share(usual, 0.5):0.0} and {Share(usual, 0.99):0.0} ms before; {breaker}; all {during.Count} paid once, {paid.TotalSeconds:0.0} s after it was well"));
        Assert.True(Share(during, 0.5) < Math.Max(100, Share(usual, 0.5) * 3), $"{Share(during, 0.5)} ms, {Share(usual, 0.5)} ms before.");
    }

    private static double Share(List<double> times, double share) => times.Order().ElementAt((int)((times.Count - 1) * share));

    private async Task KnobsAsync(double failureRate, int latencyMs, int readLatencyMs = 0)
    {
        using var client = new HttpClient { BaseAddress = platform.Gateway };
        using var response = await client.PutAsJsonAsync(new Uri("knobs", UriKind.Relative), new { failureRate, latencyMs, readLatencyMs });
        Assert.True(response.IsSuccessStatusCode);
    }

    // A read that takes longer than half a second is asked twice.
    private async Task<double> SecondReadsAsync()
    {
        using var worker = new HttpClient { BaseAddress = platform.Hosts["worker"] };
        var metrics = await worker.GetStringAsync(new Uri("metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        return metrics.Split('\n').Where(line => line.StartsWith("platform_hedge_requests_total", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    private static async Task<string?> BreakerAsync(HttpClient api) =>
        (await new PlatformClient(api).Breakers.ListBreakersAsync(cancellationToken: TestContext.Current.CancellationToken)).Required.Items
            .SingleOrDefault(breaker => breaker.Name == "payment_gateway")?.State.Value;
}
