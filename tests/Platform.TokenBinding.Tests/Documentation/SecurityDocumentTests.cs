using Platform.Api.Tests.Support;
using Platform.Identity.Tests.Support;
using Platform.Testing;

namespace Platform.TokenBinding.Tests.Documentation;

/// <summary>The examples of docs/security.md do what they say: an independent client, and curl with openssl.</summary>
public sealed class SecurityDocumentTests(PostgresFixture postgres, RedisFixture redis)
{
    private const string Document = "security.md";

    [Theory]
    [InlineData("Never")]
    [InlineData("Everywhere")]
    public async Task Oauth4webapi_gets_from_token_to_api_call(string nonces)
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        await using var example = DocumentExample.Start(
            database.ConnectionString, (await redis.GetServerAsync()).ConnectionString, ("Platform:TokenBinding:DPoP:RequireNonce", nonces));
        foreach (var file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(DocumentExample.Metadata("ProjectFolder"), "oauth4webapi", file), Path.Combine(example.Folder, file));
        }

        await example.RunAsync("npm", "ci", "--no-audit", "--no-fund");
        await example.WriteAsync("client.mjs", DocumentExample.Block(Document, "oauth4webapi", "js"));

        // The library gives the type in lower case.
        Assert.Equal("dpop 200 1", (await example.RunAsync("node", "client.mjs")).Trim());
    }

    [Fact]
    public async Task Curl_and_openssl_get_from_token_to_api_call()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        await using var example = DocumentExample.Start(database.ConnectionString, (await redis.GetServerAsync()).ConnectionString);
        await example.WriteAsync("client.sh", DocumentExample.Block(Document, "curl", "bash"));
        var output = await example.RunAsync("bash", "-eu", "client.sh");
        Assert.Contains("\"items\":[{", output, StringComparison.Ordinal);
        Assert.EndsWith("401", output.Trim(), StringComparison.Ordinal);
    }
}
