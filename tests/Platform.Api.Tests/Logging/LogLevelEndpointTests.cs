using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Identity;
using Platform.Logging;

namespace Platform.Api.Tests.Logging;

public sealed class LogLevelEndpointTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Operator_turns_a_category_up_for_a_while_and_back_and_both_are_on_record()
    {
        var levels = api.Services.GetRequiredService<LogLevels>();
        using (var set = await api.Client.PutJsonAsync(
            "/api/v1/logging/levels", """{ "category": "Shop.Orders", "level": "debug", "minutes": 5, "reason": "the case of Ada" }"""))
        {
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        }

        Assert.Contains(levels.Current, level => level is { Category: "Shop.Orders", Level: LogLevel.Debug });
        var item = Assert.Single((await api.Client.GetJsonAsync("/api/v1/logging/levels"))["items"]!.AsArray(), item => item!["category"]!.GetValue<string>() == "Shop.Orders")!;
        Assert.Equal("Debug", item["level"]!.GetValue<string>());
        Assert.Equal("demo", item["actor"]!.GetValue<string>());
        Assert.Equal("the case of Ada", item["reason"]!.GetValue<string>());
        Assert.InRange(item["until"]!.GetValue<DateTimeOffset>(), TimeProvider.System.GetUtcNow().AddMinutes(3), TimeProvider.System.GetUtcNow().AddMinutes(6));

        using (var unset = await api.Client.DeleteAsync("/api/v1/logging/levels?category=Shop.Orders&reason=found", TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.NoContent, unset.StatusCode);
        }

        Assert.DoesNotContain(levels.Current, level => level.Category == "Shop.Orders");
        using var again = await api.Client.DeleteAsync("/api/v1/logging/levels?category=Shop.Orders&reason=found", TestContext.Current.CancellationToken);
        await again.AssertProblemAsync(ErrorCode.ResourceNotFound);

        var audit = (await api.Client.GetJsonAsync("/api/v1/audit?limit=50"))["items"]!.AsArray().Select(entry => entry!["action"]!.GetValue<string>()).ToArray();
        Assert.Contains("logging.level_set", audit);
        Assert.Contains("logging.level_unset", audit);
    }

    [Theory]
    [InlineData("""{ "category": "a b", "level": "Debug", "minutes": 5, "reason": "r" }""", "/category")]
    [InlineData("""{ "category": "A", "level": "loud", "minutes": 5, "reason": "r" }""", "/level")]
    [InlineData("""{ "category": "A", "level": "1", "minutes": 5, "reason": "r" }""", "/level")]
    [InlineData("""{ "category": "A", "level": "Debug", "minutes": 0, "reason": "r" }""", "/minutes")]
    [InlineData("""{ "category": "A", "level": "Debug", "minutes": 1441, "reason": "r" }""", "/minutes")]
    [InlineData("""{ "category": "A", "level": "Debug", "minutes": 5 }""", "/reason")]
    public async Task Level_that_cannot_be_is_refused(string body, string pointer)
    {
        using var response = await api.Client.PutJsonAsync("/api/v1/logging/levels", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(pointer, (await response.JsonAsync())["errors"]![0]!["pointer"]!.GetValue<string>());
    }

    [Fact]
    public async Task Only_operators_may()
    {
        using var client = await api.WithTokenAsync(ApiScopes.OrdersWrite);
        using var refused = await client.PutJsonAsync("/api/v1/logging/levels", """{ "category": "A", "level": "Debug", "minutes": 5, "reason": "r" }""");
        await refused.AssertProblemAsync(ErrorCode.Forbidden);
    }
}
