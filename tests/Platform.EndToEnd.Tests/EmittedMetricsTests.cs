using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>Alerts and dashboards ask for nothing that the platform does not show.</summary>
[Collection("one platform, and one test kills its worker")]
public sealed class EmittedMetricsTests(RunningPlatform platform)
{
    [Fact]
    public async Task Every_metric_that_a_rule_or_a_panel_names_is_emitted()
    {
        using var api = await platform.ClientAsync();
        var order = await api.PlaceOrderAsync(await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
        await Eventually.BecomesTrueAsync(async () => await api.StatusAsync(order) == "paid", TimeSpan.FromSeconds(60));

        var named = NamedMetrics.In(RunningPlatform.Root);
        Assert.True(named.Count >= 18, string.Join(", ", named));
        using var client = new HttpClient();
        string[] missing = [];
        try
        {
            await Eventually.BecomesTrueAsync(
                async () =>
                {
                    var shown = new HashSet<string>(StringComparer.Ordinal);
                    foreach (var host in platform.Hosts)
                    {
                        using var response = await client.GetAsync(new Uri(host, "/metrics"), TestContext.Current.CancellationToken);
                        if (response.IsSuccessStatusCode)
                        {
                            shown.UnionWith(NamedMetrics.Of(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
                        }
                    }

                    missing = [.. named.Except(shown, StringComparer.Ordinal)];
                    return missing.Length == 0;
                },
                TimeSpan.FromSeconds(60));
        }
        catch (Exception)
        {
            Assert.Empty(missing);
            throw;
        }
    }
}
