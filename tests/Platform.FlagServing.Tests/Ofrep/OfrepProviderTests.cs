using System.Text.Json;
using Platform.FeatureFlags;
using Platform.Identity;
using Platform.Testing;

namespace Platform.FlagServing.Tests.Ofrep;

/// <summary>OpenFeature's npm providers for servers and browsers, unmodified, against a running host.</summary>
public sealed class OfrepProviderTests
{
    [Fact]
    public async Task Both_providers_work_as_they_are()
    {
        await using var host = await OfrepHost.StartAsync();
        await using var narrow = await OfrepHost.StartAsync(new()
        {
            ["Platform:FeatureFlags:Ofrep:Burst"] = "2",
            ["Platform:FeatureFlags:Ofrep:RequestsPerSecond"] = "1",
        });
        narrow.With(new FlagDefinition { Name = "on", Everyone = true });

        var output = await new NodeFolder("Ofrep", "providers").RunAsync(
            "node",
            ["scenarios.mjs", host.Url.ToString(), OfrepHost.Key, host.Token(), host.Token(ApiScopes.CatalogRead), narrow.Url.ToString()],
            cancellationToken: TestContext.Current.CancellationToken);
        var report = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.True(report.GetProperty("failed").GetArrayLength() == 0, report.GetProperty("failed").GetRawText());
        Assert.InRange(report.GetProperty("passed").GetArrayLength(), 60, 100);
    }
}
