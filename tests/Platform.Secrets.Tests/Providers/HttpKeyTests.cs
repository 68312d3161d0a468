using Platform.Secrets.Tests.Support;
using Platform.Testing;

namespace Platform.Secrets.Tests.Providers;

public sealed class HttpKeyTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Name = "maps-or-models";

    private ProviderStandIn _provider = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _provider = await ProviderStandIn.StartAsync();

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    [Theory]
    [InlineData("openai")]
    [InlineData("google_maps")]
    public async Task Key_is_made_used_and_the_one_before_revoked(string kind)
    {
        await using var scene = await SceneAsync(kind);
        _provider.RefusedAtFirst = 1;
        await RotateAsync(scene);
        var first = Assert.Single(_provider.Live);
        await RotateAsync(scene);

        var second = Assert.Single(_provider.Live);
        Assert.NotEqual(first.Value, second.Value);
        var current = (await scene.OpenSecretAsync(Name)).Current!;
        Assert.Equal((second.Value, second.Id), (current.Value, current.Reference));
        Assert.Equal($"platform-{Name}-{current.Id:N}", second.Name);
        Assert.Equal((0, 0), await scene.Engine.CleanAsync(Name, Cancel));
    }

    [Theory]
    [InlineData("openai", 503, true)]
    [InlineData("openai", 429, false)]
    [InlineData("openai", 0, true)]
    [InlineData("google_maps", 500, true)]
    [InlineData("google_maps", 0, false)]
    public async Task Key_whose_answer_was_lost_is_found_and_revoked_before_another_is_made(string kind, int status, bool after)
    {
        await using var scene = await SceneAsync(kind);
        _provider.Faults.Enqueue(("POST", status, after));
        await Assert.ThrowsAsync<RotationException>(() => scene.RotateAsync(Name));
        Assert.Equal(after ? 1 : 0, _provider.Live.Count);
        await CompleteAsync(scene);
        Assert.Equal((await scene.OpenSecretAsync(Name)).Current!.Value, Assert.Single(_provider.Live).Value);
    }

    [Fact]
    public async Task Key_whose_answer_was_lost_is_gone_after_a_rollback_too()
    {
        await using var scene = await SceneAsync("openai");
        _provider.Faults.Enqueue(("POST", 500, true));
        await Assert.ThrowsAsync<RotationException>(() => scene.RotateAsync(Name));
        Assert.Equal(RotationState.RolledBack, (await scene.Engine.RollBackAsync(Name, "ada", null, Cancel)).State);
        Assert.Empty(_provider.Live);
    }

    [Fact]
    public async Task Revocation_that_fails_is_tried_again_and_a_key_that_is_gone_already_is_as_good()
    {
        await using var scene = await SceneAsync("openai");
        await RotateAsync(scene);
        _provider.Faults.Enqueue(("DELETE", 500, true));
        await Assert.ThrowsAsync<RotationException>(() => RotateAsync(scene));
        await CompleteAsync(scene);
        Assert.Single(_provider.Live);
    }

    [Fact]
    public async Task Keys_of_this_secret_that_nobody_keeps_are_revoked_and_others_are_left()
    {
        await using var scene = await SceneAsync("openai");
        await RotateAsync(scene);
        _provider.Add("svc_left", $"platform-{Name}-{Guid.CreateVersion7():N}", "sk-left");
        _provider.Add("svc_another", $"platform-{Name}-more-{Guid.CreateVersion7():N}", "sk-another");
        _provider.Add("svc_human", "somebody's own", "sk-human");
        Assert.Equal((1, 0), await scene.Engine.CleanAsync(Name, Cancel));
        var kept = (await scene.OpenSecretAsync(Name)).Current!.Reference;
        Assert.Equal([kept, "svc_another", "svc_human"], _provider.Live.Select(key => key.Id));
    }

    [Fact]
    public async Task Anthropics_keys_are_given_by_hand_verified_and_the_one_before_is_made_inactive()
    {
        await using var scene = await SceneAsync("anthropic");
        await Assert.ThrowsAsync<RotationException>(() => scene.RotateAsync(Name));
        await scene.Engine.RollBackAsync(Name, "ada", null, Cancel);

        _provider.Add("apikey_1", "by hand", "sk-ant-1");
        _provider.Add("apikey_2", "by hand too", "sk-ant-2");
        await SupplyAsync(scene, "sk-ant-1", "apikey_1");
        await CompleteAsync(scene);
        await SupplyAsync(scene, "sk-ant-2", "apikey_2");
        await CompleteAsync(scene);
        Assert.Equal("apikey_2", Assert.Single(_provider.Live).Id);

        var refusal = await Assert.ThrowsAsync<RotationException>(() => SupplyAsync(scene, "sk-ant-3", null));
        Assert.Contains("--reference", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_of_ones_own_is_described_by_configuration_alone()
    {
        const string Provider = "Platform:Secrets:Providers:mine";
        await using var scene = await SceneAsync(
            "mine",
            ($"{Provider}:AdminHeaders:Authorization", "Bearer {AdminKey}"),
            ($"{Provider}:Create:Method", "POST"),
            ($"{Provider}:Create:Path", "/v1/organization/projects/{Project}/service_accounts"),
            ($"{Provider}:Create:Body", """{"name": "{tag}"}"""),
            ($"{Provider}:Create:Id", "/id"),
            ($"{Provider}:Create:Value", "/api_key/value"),
            ($"{Provider}:Verify:Path", "/v1/models"),
            ($"{Provider}:Verify:Headers:Authorization", "Bearer {value}"),
            ($"{Provider}:Revoke:Method", "DELETE"),
            ($"{Provider}:Revoke:Path", "/v1/organization/projects/{Project}/service_accounts/{id}"));
        await RotateAsync(scene);
        await RotateAsync(scene);
        Assert.Single(_provider.Live);
    }

    [Fact]
    public async Task Dry_run_asks_the_provider_and_makes_nothing()
    {
        await using var scene = await SceneAsync("openai");
        Assert.Contains("make a key at 127.0.0.1, beside 0 of this secret", await scene.Engine.PlanAsync(Name, false, Cancel));
        Assert.All(_provider.Requests, request => Assert.StartsWith("GET", request, StringComparison.Ordinal));
    }

    private Task<SecretsScene> SceneAsync(string kind, params (string, string?)[] settings) => SecretsScene.OpenAsync(
        postgres,
        null,
        [
            ($"Platform:Secrets:Items:{Name}:Rotator", kind),
            ($"Platform:Secrets:Items:{Name}:Overlap", "00:00:00"),
            ($"Platform:Secrets:Items:{Name}:Settings:AdminKey", ProviderStandIn.Admin),
            ($"Platform:Secrets:Items:{Name}:Settings:Project", "proj_1"),
            ($"Platform:Secrets:Providers:{kind}:AdminAddress", _provider.Address),
            ($"Platform:Secrets:Providers:{kind}:UseAddress", _provider.Address),
            .. settings,
        ]);

    private static Task<Rotation> SupplyAsync(SecretsScene scene, string value, string? reference) =>
        scene.Engine.RotateAsync(Name, RotationTrigger.Supplied, "ada", null, new NewSecret(value, reference), Cancel);

    private static async Task RotateAsync(SecretsScene scene)
    {
        if ((await scene.RotateAsync(Name)).State is not RotationState.Completed)
        {
            await CompleteAsync(scene);
        }
    }

    private static async Task CompleteAsync(SecretsScene scene)
    {
        var rotation = await scene.Engine.ResumeAsync(Name, Cancel);
        Assert.True(rotation is null or { State: RotationState.Completed }, rotation?.State.ToString());
    }
}
