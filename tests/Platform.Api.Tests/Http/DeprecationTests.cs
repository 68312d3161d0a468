using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.Http;

namespace Platform.Api.Tests.Http;

public sealed class DeprecationTests
{
    [Fact]
    public async Task Clients_of_what_goes_away_are_told_since_when_until_when_and_what_comes_instead()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddErrors();
        await using var app = builder.Build();
        app.UseErrors();
        var old = app.MapGroup("/old").Deprecated(
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), "/new");
        old.MapGet("/", () => "ok");
        old.MapGet("/number", (int number) => number);
        app.MapGet("/new", () => "ok");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        // The second is refused before the endpoint runs.
        foreach (var path in (string[])["/old", "/old/number?number=none"])
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal("@1767225600", Assert.Single(response.Headers.GetValues("Deprecation")));
            Assert.Equal("Fri, 01 Jan 2027 00:00:00 GMT", Assert.Single(response.Headers.GetValues("Sunset")));
            Assert.Equal("</new>; rel=\"successor-version\"", Assert.Single(response.Headers.GetValues("Link")));
        }

        using var successor = await client.GetAsync("/new", TestContext.Current.CancellationToken);
        Assert.False(successor.Headers.Contains("Deprecation"));
    }
}
