using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Support;
using Platform.EntityFrameworkCore.Identity;
using Platform.Errors;
using Platform.Identity;
using Platform.Testing;

namespace Platform.Api.Tests.Identity;

/// <summary>A host that checks tokens over the issuer's metadata, while the issuer is there, away, and changes its key.</summary>
public sealed class RemoteIssuerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Token_is_checked_with_keys_from_the_metadata_and_goes_on_being_while_the_issuer_is_away()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken);
        await using var host = await TokenCheckingHost.StartAsync(IssuerOn(out var port));
        string token, narrow;
        await using (var api = Api(database, port))
        {
            using var client = api.CreateClient();
            (token, narrow) = (await client.TokenAsync(), await client.TokenAsync(ApiScopes.CatalogRead));
            await AssertStatusAsync(host, token, HttpStatusCode.OK);
        }

        await AssertStatusAsync(host, token, HttpStatusCode.OK);
        using var refused = await host.GetAsync("/orders", narrow);
        await refused.AssertProblemAsync(ErrorCode.Forbidden);
    }

    [Fact]
    public async Task Who_shows_no_token_is_nobody_without_being_asked_and_who_shows_one_is_known_at_open_endpoints_too()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken);
        await using var host = await TokenCheckingHost.StartAsync(IssuerOn(out var port));
        await using var api = Api(database, port);
        using var client = api.CreateClient();
        var token = await client.TokenAsync();

        Assert.Equal("nobody", await TextAsync(host, token: null));
        Assert.Equal(0, host.Asked);
        Assert.NotEqual("nobody", await TextAsync(host, token));
        Assert.Equal("nobody", await TextAsync(host, token + "x"));
        Assert.Equal(2, host.Asked);
        using var closed = await host.GetAsync("/closed");
        await closed.AssertProblemAsync(ErrorCode.Unauthenticated);
        using var nowhere = await host.GetAsync("/nowhere");
        await nowhere.AssertProblemAsync(ErrorCode.Unauthenticated);
    }

    [Fact]
    public async Task Issuer_that_was_never_reached_is_no_fault_of_the_token_and_the_host_recovers_by_itself()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken);
        await using var host = await TokenCheckingHost.StartAsync(IssuerOn(out var port));
        string token;
        await using (var elsewhere = new ApiServer(database.ConnectionString, settings: ("Platform:Identity:Issuer", $"http://127.0.0.1:{port}")))
        {
            using var client = elsewhere.CreateClient();
            token = await client.TokenAsync();
        }

        using var unavailable = await host.GetAsync("/orders", token);
        await unavailable.AssertProblemAsync(ErrorCode.ServiceUnavailable);
        Assert.NotNull(unavailable.Headers.RetryAfter);

        await using var api = Api(database, port);
        api.StartServer();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var response = await host.GetAsync("/orders", token);
                return response.StatusCode is HttpStatusCode.OK;
            },
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Token_of_a_key_that_came_later_is_accepted_at_its_first_request()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, cancellation);
        await using var host = await TokenCheckingHost.StartAsync(IssuerOn(out var port));
        await using (var api = Api(database, port))
        {
            using var client = api.CreateClient();
            await AssertStatusAsync(host, await client.TokenAsync(), HttpStatusCode.OK);
            await using var scope = api.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<SigningKeys>().RollOverAsync(TimeProvider.System.GetUtcNow(), cancellation);
        }

        await using var restarted = Api(database, port);
        using var restartedClient = restarted.CreateClient();
        var token = await restartedClient.TokenAsync();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var response = await host.GetAsync("/orders", token);
                return response.StatusCode is HttpStatusCode.OK;
            });
    }

    [Fact]
    public async Task Endpoint_that_says_nothing_is_closed()
    {
        await using var host = await TokenCheckingHost.StartAsync(IssuerOn(out _));
        using var response = await host.GetAsync("/closed");
        await response.AssertProblemAsync(ErrorCode.Unauthenticated);
    }

    private static ApiServer Api(TestDatabase database, int port) => new(
        database.ConnectionString, port: port, settings: ("Platform:Identity:Issuer", $"http://127.0.0.1:{port}"));

    // The issuer's address has to be known before it starts.
    private static string IssuerOn(out int port)
    {
        port = FreePort.Find();
        return $"http://127.0.0.1:{port}";
    }

    private static async Task<string> TextAsync(TokenCheckingHost host, string? token)
    {
        using var response = await host.GetAsync("/open", token);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task AssertStatusAsync(TokenCheckingHost host, string token, HttpStatusCode status)
    {
        using var response = await host.GetAsync("/orders", token);
        Assert.Equal(status, response.StatusCode);
    }
}
