using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Platform.Api.Tests.Support;
using Platform.Testing;
using Platform.Testing.Xunit;

namespace Platform.Api.Tests.Helpers;

/// <summary>The example of docs/observability.md, "In tests": the whole API in the process of a test, with all that the other helpers do to it.</summary>
public sealed class InProcessPlatformTests(InProcessPlatformTests.Shop shop) : IClassFixture<InProcessPlatformTests.Shop>
{
    [Fact]
    public async Task Order_is_placed_on_a_database_and_a_redis_of_its_own_and_the_helpers_see_it()
    {
        using var client = shop.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await client.TokenAsync());
        var ready = await client.GetJsonAsync("/readyz?verbose");
        Assert.Equal("ok", ready["status"]!.GetValue<string>());
        Assert.Contains(ready["checks"]!.AsArray(), check => check!["name"]!.GetValue<string>().Contains("Redis", StringComparison.Ordinal));

        var body = await client.OrderBodyAsync();
        using var spans = SpanCapture.Begin();
        using var placed = await client.PostJsonAsync("/api/v1/orders", body);
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        await Eventually.BecomesTrueAsync(() => spans.Ended.Any(span => span.Kind is ActivityKind.Server));
        Assert.Equal(spans.TraceId, placed.Headers.GetValues("X-Trace-Id").Single());
        Assert.Equal(HttpStatusCode.Created, (HttpStatusCode)spans.Ended.Single(span => span.Kind is ActivityKind.Server).GetTagItem("http.response.status_code")!);
        shop.Services.AssertBudget("POST /api/v1/orders/");
        Assert.NotEmpty(shop.Logs.Lines);

        using (shop.Services.TripBreaker("payment_gateway"))
        {
            await Eventually.BecomesTrueAsync(async () => (await client.GetJsonAsync("/api/v1/breakers"))["items"]!.AsArray()
                .Any(breaker => breaker!["name"]!.GetValue<string>() == "payment_gateway" && breaker["state"]!.GetValue<string>() == "open"));
        }
    }

    public sealed class Shop : InProcessPlatform<Program>
    {
        protected override Task PrepareAsync(CancellationToken cancellationToken) =>
            PlatformTemplate.PrepareAsync(Postgres, Environments.Development, demoData: true);

        // The first request of a process compiles what it runs.
        protected override void Configure(IWebHostBuilder builder) => builder
            .UseSetting("Platform:FeatureFlags:SnapshotFolder", "")
            .UseSetting("Platform:Budgets:Default:P50Ms", "30000")
            .UseSetting("Platform:Budgets:Default:P95Ms", "30000")
            .UseSetting("Platform:Budgets:Default:P99Ms", "30000");
    }
}
