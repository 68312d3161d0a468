using System.Net;
using System.Text.Json.Nodes;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Attacks;

/// <summary>Somebody got hold of a code or a refresh token (RFC 6749, section 10.5; RFC 9700, section 4.14).</summary>
[Collection(nameof(SharedHost))]
public sealed class TokenReplayTests(IdentityHost host)
{
    [Fact]
    public async Task Refresh_reuse_is_refused_and_ends_the_family()
    {
        var flow = host.Flow;
        var first = await flow.TokensAsync();
        var (_, second) = await flow.RefreshAsync(Refresh(first));
        Assert.Equal(HttpStatusCode.OK, await UseAsync(second));
        await AssertGrantRefusedAsync(flow.RefreshAsync(Refresh(first)));
        await AssertGrantRefusedAsync(flow.RefreshAsync(Refresh(second)));

        // Access tokens that are out are refused as well, though they are checked without asking anybody.
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(second));
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(first));
    }

    [Fact]
    public async Task Refresh_race_of_a_thief_and_the_owner_has_one_winner_who_does_not_get_far()
    {
        var flow = host.Flow;
        var tokens = await flow.TokensAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => flow.RefreshAsync(Refresh(tokens))));
        var winner = Assert.Single(answers, answer => answer.Status is HttpStatusCode.OK);
        await AssertGrantRefusedAsync(flow.RefreshAsync(Refresh(winner.Body)));
    }

    [Fact]
    public async Task Code_replay_is_refused_and_ends_what_came_of_the_code()
    {
        var flow = host.Flow;
        var code = await flow.CodeAsync();
        var (_, tokens) = await flow.RedeemAsync(code);
        Assert.Equal(HttpStatusCode.OK, await UseAsync(tokens));
        await AssertGrantRefusedAsync(flow.RedeemAsync(code));
        await AssertGrantRefusedAsync(flow.RefreshAsync(Refresh(tokens)));
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(tokens));
    }

    [Fact]
    public async Task Code_race_has_one_winner_who_does_not_get_far()
    {
        var flow = host.Flow;
        var code = await flow.CodeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => flow.RedeemAsync(code)));
        var winner = Assert.Single(answers, answer => answer.Status is HttpStatusCode.OK);
        await AssertGrantRefusedAsync(flow.RefreshAsync(Refresh(winner.Body)));
    }

    [Fact]
    public async Task Stolen_code_of_another_client_or_for_another_redirect_is_refused()
    {
        var flow = host.Flow;
        await AssertGrantRefusedAsync(flow.RedeemAsync(await flow.CodeAsync(), ("redirect_uri", "http://127.0.0.1:49153/callback")));
        var (status, _) = await flow.RedeemAsync(await flow.CodeAsync(), ("client_id", "demo"), ("client_secret", "demo-secret"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    private async Task<HttpStatusCode> UseAsync(JsonObject tokens)
    {
        using var client = host.Server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens["access_token"]!.GetValue<string>());
        using var response = await client.GetAsync("/api/v1/orders?limit=1", TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static string Refresh(JsonObject tokens) => tokens["refresh_token"]!.GetValue<string>();

    private static async Task AssertGrantRefusedAsync(Task<(HttpStatusCode Status, JsonObject Body)> request)
    {
        var (status, body) = await request;
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_grant", body["error"]!.GetValue<string>());
    }
}
