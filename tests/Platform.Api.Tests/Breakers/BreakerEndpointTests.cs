using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Identity;
using Platform.Resilience;

namespace Platform.Api.Tests.Breakers;

public sealed class BreakerEndpointTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Operator_opens_configures_and_resets_a_breaker_and_each_is_on_record()
    {
        var breaker = api.Services.GetRequiredService<CircuitBreakers>().Get("payment_gateway");
        await PostAsync("open");
        await Platform.Testing.Eventually.BecomesTrueAsync(() => breaker.Snapshot.State is CircuitState.Open);
        await Platform.Testing.Eventually.BecomesTrueAsync(async () => (await OneAsync())["replicas"]!.AsArray().Any(replica => replica!["state"]!.GetValue<string>() == "open"));
        Assert.Equal("open", (await OneAsync())["order"]!.GetValue<string>());

        using (var configured = await api.Client.PutJsonAsync("/api/v1/breakers/payment_gateway/options", """{ "consecutiveFailures": 9, "breakMs": 250, "reason": "less nervous" }"""))
        {
            Assert.Equal(HttpStatusCode.NoContent, configured.StatusCode);
        }

        await Platform.Testing.Eventually.BecomesTrueAsync(() => breaker.Options is { ConsecutiveFailures: 9, BreakDuration.TotalMilliseconds: 250 });
        await PostAsync("reset");
        await Platform.Testing.Eventually.BecomesTrueAsync(() => breaker.Snapshot.State is CircuitState.Closed);
        using (var taken = await api.Client.DeleteAsync("/api/v1/breakers/payment_gateway/options?reason=done", TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        }

        var commands = (await api.Client.GetJsonAsync("/api/v1/breakers/commands"))["items"]!.AsArray();
        Assert.Equal(["unconfigure", "reset", "configure", "open"], commands.Select(command => command!["verb"]!.GetValue<string>()));
        Assert.All(commands, command => Assert.Equal("demo", command!["actor"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("payment_gateway/options", """{ "breakMs": -1, "reason": "r" }""", "/breakMs")]
    [InlineData("payment_gateway/options", """{ "consecutiveFailures": -1, "reason": "r" }""", "")]
    [InlineData("payment_gateway/options", """{ }""", "/reason")]
    public async Task Options_that_cannot_be_are_refused(string path, string body, string pointer)
    {
        using var response = await api.Client.PutJsonAsync($"/api/v1/breakers/{path}", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(pointer, (await response.JsonAsync())["errors"]![0]!["pointer"]!.GetValue<string>());
    }

    [Fact]
    public async Task Name_that_is_none_is_not_found_and_only_operators_may()
    {
        using var unknown = await api.Client.PostJsonAsync("/api/v1/breakers/NOT%20A%20NAME/open", """{ "reason": "r" }""");
        await unknown.AssertProblemAsync(ErrorCode.ResourceNotFound);
        using var client = await api.WithTokenAsync(ApiScopes.OrdersWrite);
        using var refused = await client.PostJsonAsync("/api/v1/breakers/payment_gateway/open", """{ "reason": "r" }""");
        await refused.AssertProblemAsync(ErrorCode.Forbidden);
    }

    private async Task PostAsync(string verb)
    {
        using var response = await api.Client.PostJsonAsync($"/api/v1/breakers/payment_gateway/{verb}", """{ "reason": "a drill" }""");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private async Task<System.Text.Json.Nodes.JsonObject> OneAsync() =>
        (await api.Client.GetJsonAsync("/api/v1/breakers"))["items"]!.AsArray().Single(item => item!["name"]!.GetValue<string>() == "payment_gateway")!.AsObject();
}
