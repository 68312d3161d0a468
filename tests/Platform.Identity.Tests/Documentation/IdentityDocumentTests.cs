using Platform.Api.Tests.Support;
using Platform.Identity.Tests.Support;
using Platform.Testing;

namespace Platform.Identity.Tests.Documentation;

/// <summary>The example of docs/identity.md does what it says.</summary>
public sealed class IdentityDocumentTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Curl_signs_in_and_calls_the_api_until_it_gives_the_tokens_back()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken);
        await using var example = DocumentExample.Start(database.ConnectionString);
        await example.WriteAsync("client.sh", DocumentExample.Block("identity.md", "curl", "bash"));
        var output = await example.RunAsync("bash", "-eu", "client.sh");
        Assert.Contains("\"items\":[", output, StringComparison.Ordinal);
        Assert.EndsWith("401", output.Trim(), StringComparison.Ordinal);
    }
}
