using System.Net;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Support;
using Platform.Domain;
using Platform.Identity;
using Platform.Secrets.Tests.Support;
using Platform.Testing;
using Platform.Worker.Tests;

namespace Platform.Secrets.Tests.Commands;

/// <summary>Operators at the command line and over HTTP: what they see, what they may, and that no value is ever shown.</summary>
[Collection(WorkerInThisProcess.Name)]
public sealed class SecretsCommandTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operator_lists_tries_rotates_looks_rolls_back_and_never_sees_a_value()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres);
        var output = new List<string>();
        var list = await RunAsync(["secrets", "list"]);
        Assert.Contains(DomainSecrets.TokenSigning, list.Output, StringComparison.Ordinal);

        var dry = await RunAsync(["secrets", "rotate", DomainSecrets.RedactionHash, "--dry-run"]);
        Assert.Equal((0, "would make 32 random bytes\nwould have all hosts take them up"), (dry.Code, dry.Output));
        Assert.Empty(await scene.QueryAsync<string>("SELECT name FROM platform.core_secret_version"));

        Assert.Equal(0, (await RunAsync(["secrets", "rotate", DomainSecrets.RedactionHash, "--reason", "a test", "--actor", "ada"])).Code);
        var refused = await RunAsync(["secrets", "rotate", DomainSecrets.RedactionHash]);
        Assert.Equal(1, refused.Code);
        Assert.Contains("rotate as an emergency", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(["secrets", "rotate", DomainSecrets.RedactionHash, "--emergency"])).Code);
        var status = JsonNode.Parse((await RunAsync(["secrets", "status", DomainSecrets.RedactionHash, "--json"])).Output)!;
        Assert.Equal("completed", status["state"]!.GetValue<string>());
        Assert.Equal(2, status["history"]!.AsArray().Count);

        Assert.Equal(1, (await RunAsync(["secrets", "rollback", DomainSecrets.RedactionHash])).Code);
        Assert.Equal(0, (await RunAsync(["secrets", "set", DomainSecrets.RedactionHash], "a-value-that-somebody-made")).Code);
        var back = await RunAsync(["secrets", "rollback", DomainSecrets.RedactionHash, "--reason", "wrong one"]);
        Assert.Equal((0, string.Empty), (back.Code, back.Error));

        var secret = await scene.OpenSecretAsync(DomainSecrets.RedactionHash);
        Assert.Equal("a-value-that-somebody-made", secret.Previous!.Value);
        Assert.DoesNotContain(output, line => line.Contains(secret.Current!.Value, StringComparison.Ordinal) || line.Contains("a-value-that", StringComparison.Ordinal));
        Assert.Equal(2, (await RunAsync(["secrets", "rotate", DomainSecrets.RedactionHash, "--emergancy"])).Code);
        Assert.Equal(1, (await RunAsync(["secrets", "status", "no-such"])).Code);

        async Task<ProgramOutcome> RunAsync(string[] arguments, string input = "")
        {
            var outcome = await WorkerProgram.RunAsync(scene.ConnectionString, arguments, input, environment: [("DOTNET_ENVIRONMENT", "Development")]);
            output.AddRange([outcome.Output, outcome.Error]);
            return outcome;
        }
    }

    [Fact]
    public async Task Operator_asks_over_http_a_worker_does_it_and_no_answer_holds_a_value()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres);
        await using var api = scene.Api();
        using var client = api.CreateClient();
        using var stranger = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await client.TokenAsync(ApiScopes.SecretsManage));
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", await stranger.TokenAsync(ApiScopes.OrdersRead));
        var path = $"/api/v1/secrets/{DomainSecrets.RedactionHash}";
        using (var forbidden = await stranger.GetAsync("/api/v1/secrets", Cancel))
        {
            Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        }

        using var asked = await client.PostJsonAsync($"{path}/rotate", """{"reason": "a test"}""");
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        using (var again = await client.PostJsonAsync($"{path}/rotate", """{"reason": "a test"}"""))
        {
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        }

        using (var unexplained = await client.PostJsonAsync($"{path}/rotate", "{}"))
        {
            Assert.Equal(HttpStatusCode.BadRequest, unexplained.StatusCode);
        }

        Assert.Equal(RotationState.Overlapping, (await scene.Engine.ResumeAsync(DomainSecrets.RedactionHash, Cancel))!.State);
        var answer = (await client.GetJsonAsync(path)).ToJsonString();
        var value = (await scene.OpenSecretAsync(DomainSecrets.RedactionHash)).Current!.Value;
        Assert.Contains("overlapping", answer, StringComparison.Ordinal);
        Assert.Contains("\"actor\":\"demo\"", answer, StringComparison.Ordinal);
        foreach (var text in new[] { answer, (await client.GetJsonAsync("/api/v1/secrets")).ToJsonString(), (await client.GetJsonAsync($"{path}/rotations")).ToJsonString() })
        {
            Assert.DoesNotContain(value, text, StringComparison.Ordinal);
        }

        // The first version has none before it to go back to; the second has.
        using (var first = await client.PostJsonAsync($"{path}/rollback", """{"reason": "a test"}"""))
        {
            Assert.Equal(HttpStatusCode.Conflict, first.StatusCode);
        }

        using (var emergency = await client.PostJsonAsync($"{path}/rotate", """{"reason": "seen in a chat", "emergency": true}"""))
        {
            Assert.Equal(HttpStatusCode.Accepted, emergency.StatusCode);
        }

        Assert.Equal(RotationState.Completed, (await scene.Engine.ResumeAsync(DomainSecrets.RedactionHash, Cancel))!.State);
        await scene.RotateAsync(DomainSecrets.RedactionHash);
        using (var back = await client.PostJsonAsync($"{path}/rollback", """{"reason": "a mistake"}"""))
        {
            Assert.Equal(HttpStatusCode.Accepted, back.StatusCode);
        }

        await scene.Engine.ResumeAsync(DomainSecrets.RedactionHash, Cancel);
        var restored = await scene.OpenSecretAsync(DomainSecrets.RedactionHash);
        Assert.NotEqual(value, restored.Current!.Value);
        Assert.DoesNotContain(restored.Current.Value, (await client.GetJsonAsync($"{path}/rotations")).ToJsonString(), StringComparison.Ordinal);

        using var missing = await client.GetAsync("/api/v1/secrets/no-such", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }
}
