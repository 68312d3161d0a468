using System.Net;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Support;
using Platform.Domain;
using Platform.Identity.Tests.Support;
using Platform.Secrets.Tests.Support;
using Platform.Secrets.Victim;
using Platform.Testing;

namespace Platform.Secrets.Tests.Rotators;

/// <summary>Signing keys and client secrets of our own token server, as clients see them.</summary>
public sealed class TokenServerTests(PostgresFixture postgres)
{
    private const string Overlap = "01:00:00";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_has_two_secrets_during_the_overlap_and_the_new_one_alone_after_it()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres, null, ($"Platform:Secrets:Items:{RotationHost.Client}:Overlap", Overlap));
        await using var api = scene.Api();
        using var client = api.CreateClient();

        await scene.RotateAsync(RotationHost.Client);
        var first = (await scene.OpenSecretAsync(RotationHost.Client)).Current!.Value;
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized], await StatusesAsync(client, "demo-secret", first, "another"));

        await CompleteAsync(scene, RotationHost.Client);
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], await StatusesAsync(client, "demo-secret", first));

        await scene.RotateAsync(RotationHost.Client);
        var second = (await scene.OpenSecretAsync(RotationHost.Client)).Current!.Value;
        await scene.Engine.RollBackAsync(RotationHost.Client, "ada", "a mistake", Cancel);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], await StatusesAsync(client, first, second));
        await CompleteAsync(scene, RotationHost.Client);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], await StatusesAsync(client, first, second));
    }

    [Fact]
    public async Task Secret_of_a_client_that_nobody_keeps_is_found_and_dropped()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres);
        await scene.RotateAsync(RotationHost.Client);
        await scene.Engine.ResumeAsync(RotationHost.Client, Cancel);
        await scene.QueryAsync<object>("""UPDATE platform.identity_application SET properties = '{"platform:secrets": {"left-over": "hash"}}' WHERE client_id = 'demo'""");
        Assert.Equal((1, 0), await scene.Engine.CleanAsync(RotationHost.Client, Cancel));
        Assert.Equal([true], await scene.QueryAsync<bool>("SELECT properties IS NULL OR properties NOT LIKE '%left-over%' FROM platform.identity_application WHERE client_id = 'demo'"));
    }

    [Fact]
    public async Task Signing_key_is_published_before_it_signs_and_the_old_one_until_the_last_token_dies()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres, null, ($"Platform:Secrets:Items:{DomainSecrets.TokenSigning}:Settings:Lead", "00:00:04"));
        await using var api = scene.Api();
        await using var replica = scene.Api();
        using var client = api.CreateClient();
        var flow = new CodeFlow(api);
        var old = await client.TokenAsync();
        var refresh = await RefreshTokenAsync(flow);

        var rotation = await scene.RotateAsync(DomainSecrets.TokenSigning);
        var kid = rotation.Version.ToString("N");
        Assert.Contains(kid, await KeysAsync(client));
        Assert.Contains(kid, await KeysAsync(replica.CreateClient()));
        Assert.DoesNotContain(kid, Header(await client.TokenAsync()), StringComparison.Ordinal);

        string fresh = null!;
        await Eventually.BecomesTrueAsync(async () => Header(fresh = await client.TokenAsync()).Contains(kid, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(replica, fresh));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(replica, old));

        // The refresh token of a sign-in lives for two weeks.
        await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now()");
        var kept = await scene.Engine.ResumeAsync(DomainSecrets.TokenSigning, Cancel);
        Assert.Equal(RotationState.Overlapping, kept!.State);
        Assert.InRange(kept.RetireAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(13), TimeSpan.FromDays(15));
        refresh = await RefreshAsync(flow, refresh);

        await scene.QueryAsync<object>("UPDATE platform.identity_token SET expiration_date = now() - interval '1 minute'");
        await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now()");
        Assert.Equal(RotationState.Completed, (await scene.Engine.ResumeAsync(DomainSecrets.TokenSigning, Cancel))!.State);
        await Eventually.BecomesTrueAsync(async () => (await KeysAsync(client)).Count == 1 && (await KeysAsync(replica.CreateClient())).Count == 1);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(replica, fresh));
        await Eventually.BecomesTrueAsync(async () => await CallAsync(replica, old) == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Signing_key_goes_back_and_what_the_new_one_signed_stays_good()
    {
        await using var scene = await SecretsScene.OpenAsync(
            postgres, null, ($"Platform:Secrets:Items:{DomainSecrets.TokenSigning}:Settings:Lead", "00:00:00"), ($"Platform:Secrets:Items:{DomainSecrets.TokenSigning}:Overlap", Overlap));
        await using var api = scene.Api();
        using var client = api.CreateClient();
        var first = (await scene.RotateAsync(DomainSecrets.TokenSigning)).Version.ToString("N");
        await scene.QueryAsync<object>("UPDATE platform.identity_token SET expiration_date = now() - interval '1 minute'");
        await CompleteAsync(scene, DomainSecrets.TokenSigning);
        var second = (await scene.RotateAsync(DomainSecrets.TokenSigning)).Version.ToString("N");
        var token = string.Empty;
        await Eventually.BecomesTrueAsync(async () => Header(token = await client.TokenAsync()).Contains(second, StringComparison.Ordinal));

        await scene.Engine.RollBackAsync(DomainSecrets.TokenSigning, "ada", "a mistake", Cancel);
        await Eventually.BecomesTrueAsync(async () => Header(await client.TokenAsync()).Contains(first, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, token));
    }

    [Fact]
    public async Task Emergency_refuses_tokens_of_the_signing_key_before_at_once_and_new_ones_are_good_everywhere()
    {
        await using var scene = await SecretsScene.OpenAsync(
            postgres,
            null,
            ($"Platform:Secrets:Items:{DomainSecrets.TokenSigning}:Settings:Lead", "00:00:00"),
            ($"Platform:Secrets:Items:{DomainSecrets.TokenSigning}:Settings:EmergencyLead", "00:00:01"));
        await using var api = scene.Api();
        await using var replica = scene.Api();
        using var client = api.CreateClient();
        var stolen = await client.TokenAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(replica, stolen));

        var rotation = await scene.RotateAsync(DomainSecrets.TokenSigning, RotationTrigger.Emergency);
        Assert.Equal(RotationState.Completed, rotation.State);
        await Eventually.BecomesTrueAsync(async () => await CallAsync(api, stolen) == HttpStatusCode.Unauthorized && await CallAsync(replica, stolen) == HttpStatusCode.Unauthorized);
        Assert.Equal([rotation.Version.ToString("N")], await KeysAsync(client));
        var token = await client.TokenAsync();
        Assert.Contains(rotation.Version.ToString("N"), Header(token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(replica, token));
    }

    private static async Task CompleteAsync(SecretsScene scene, string name)
    {
        await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now() WHERE state = 3");
        Assert.Equal(RotationState.Completed, (await scene.Engine.ResumeAsync(name, Cancel))!.State);
    }

    private static async Task<HttpStatusCode[]> StatusesAsync(HttpClient client, params string[] secrets)
    {
        var statuses = new List<HttpStatusCode>();
        foreach (var secret in secrets)
        {
            using var response = await client.RequestTokenAsync(secret: secret);
            statuses.Add(response.StatusCode);
        }

        return [.. statuses];
    }

    private static async Task<HttpStatusCode> CallAsync(ApiServer server, string token)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var response = await client.GetAsync("/api/v1/orders?limit=1", Cancel);
        return response.StatusCode;
    }

    private static async Task<List<string>> KeysAsync(HttpClient client) =>
        [.. (await client.GetJsonAsync("/.well-known/jwks"))["keys"]!.AsArray().Select(key => key!["kid"]!.GetValue<string>())];

    private static async Task<string> RefreshTokenAsync(CodeFlow flow)
    {
        using var client = flow.Server.CreateClient();
        return await TokensAsync(client, new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = flow.ClientId,
            ["redirect_uri"] = flow.RedirectUri,
            ["code"] = await flow.CodeAsync(),
            ["code_verifier"] = flow.Verifier,
        });
    }

    private static async Task<string> RefreshAsync(CodeFlow flow, string refresh)
    {
        using var client = flow.Server.CreateClient();
        return await TokensAsync(client, new() { ["grant_type"] = "refresh_token", ["client_id"] = flow.ClientId, ["refresh_token"] = refresh });
    }

    private static async Task<string> TokensAsync(HttpClient client, Dictionary<string, string> form)
    {
        using var response = await client.PostAsync("/connect/token", new FormUrlEncodedContent(form), Cancel);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
        Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
        return answer["refresh_token"]!.GetValue<string>();
    }

    private static string Header(string token) =>
        System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0]));
}
