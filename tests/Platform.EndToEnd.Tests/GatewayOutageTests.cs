using System.Net.Http.Json;
using System.Text.Json;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>The gateway fails, hangs, and comes back: orders wait and are charged once, and their trace is whole though the worker dies in between.</summary>
[Collection("one platform, and one test kills its worker")]
public sealed class GatewayOutageTests(RunningPlatform platform)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static TheoryData<double, int> Troubles => new() { { 1, 0 }, { 0, 60_000 } };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Orders_wait_out_a_gateway_that_fails_or_never_answers_and_are_charged_once(double failureRate, int latencyMs)
    {
        using var api = await platform.ClientAsync();
        var (customer, product) = (await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
        await KnobsAsync(failureRate, latencyMs);
        var orders = new List<string>();
        try
        {
            for (var i = 0; i < 12; i++)
            {
                orders.Add(await api.PlaceOrderAsync(customer, product));
            }

            await Eventually.BecomesTrueAsync(async () => await BreakerAsync(api) == "open", Limit);

            // The API takes orders as ever.
            orders.Add(await api.PlaceOrderAsync(customer, product));
            foreach (var order in orders)
            {
                Assert.Equal("placed", await api.StatusAsync(order));
            }
        }
        finally
        {
            await KnobsAsync(0, 0);
        }

        foreach (var order in orders)
        {
            await Eventually.BecomesTrueAsync(async () => await api.StatusAsync(order) == "paid", Limit);
            Assert.Equal(["captured"], (await platform.ChargesAsync(order)).Select(charge => charge.Status));
        }

        await Eventually.BecomesTrueAsync(async () => await BreakerAsync(api) == "closed", Limit);
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
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/v1/orders", UriKind.Relative))
            {
                Content = JsonContent.Create(new { customerId = customer, lines = new[] { new { productId = product, quantity = 1 } } }),
            };
            request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
            using var response = await api.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(Trace, Assert.Single(response.Headers.GetValues("X-Trace-Id")));
            using var placed = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            order = placed.RootElement.GetProperty("id").GetString()!;
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

    private async Task KnobsAsync(double failureRate, int latencyMs)
    {
        using var client = new HttpClient { BaseAddress = platform.Gateway };
        using var response = await client.PutAsJsonAsync(new Uri("knobs", UriKind.Relative), new { failureRate, latencyMs });
        Assert.True(response.IsSuccessStatusCode);
    }

    private static async Task<string?> BreakerAsync(HttpClient api)
    {
        using var breakers = await api.JsonAsync("api/v1/breakers");
        return breakers.RootElement.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("name").GetString() == "payment_gateway").Select(item => item.GetProperty("state").GetString()).SingleOrDefault();
    }
}
