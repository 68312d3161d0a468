using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Transport;

[Collection(SharedPlatform.Name)]
public sealed class ConformanceTests(PlatformHost host)
{
    [Fact]
    public async Task Every_audit_of_graphql_http_passes()
    {
        var output = await Conformance.RunAsync("audit.mjs", host.Url.ToString(), host.Token());

        var report = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal("[]", report.GetProperty("failed").GetRawText());
        Assert.Equal(61, report.GetProperty("total").GetInt32());
    }
}

/// <summary>The Node side, in <c>conformance</c>.</summary>
internal static class Conformance
{
    private static readonly NodeFolder Folder = new("conformance");

    /// <summary>Runs <c>node</c> there and returns what it printed.</summary>
    public static Task<string> RunAsync(params string[] arguments) => Folder.RunAsync("node", arguments, cancellationToken: TestContext.Current.CancellationToken);
}
