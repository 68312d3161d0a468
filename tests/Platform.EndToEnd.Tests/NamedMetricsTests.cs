using System.Net.Http.Json;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>Alert rules and dashboards ask for nothing that the running platform does not show.</summary>
[Collection("one platform, and one test kills its worker")]
public sealed class NamedMetricsTests(RunningPlatform platform)
{
    // Budgets slide every 10 s; secrets and the backlog are looked at as often.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_metric_and_label_that_rules_and_dashboards_name_is_one_that_the_hosts_show()
    {
        using var api = await platform.ClientAsync();
        var order = await api.PlaceOrderAsync(await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
        await Eventually.BecomesTrueAsync(async () => await api.StatusAsync(order) == "paid", Limit);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.GraphQL, "api/graphql/"))
        {
            Content = JsonContent.Create(new { query = "{ __typename }" }),
        };
        request.Headers.Authorization = api.DefaultRequestHeaders.Authorization;
        using var response = await api.SendAsync(request, Cancel);
        response.EnsureSuccessStatusCode();

        var expressions = NamedMetrics.In(RunningPlatform.Root);
        Assert.True(expressions.Count > 50, $"{expressions.Count} expressions");
        Assert.All(expressions, expression => Assert.True(expression.Metrics.Count > 0 || expression.Text.Contains("platform:", StringComparison.Ordinal), expression.Text));
        string[] missing = [];
        try
        {
            await Eventually.BecomesTrueAsync(
                async () =>
                {
                    var shown = NamedMetrics.Of(await Task.WhenAll(platform.Hosts.Values.Select(ShowAsync)));
                    missing =
                    [
                        .. expressions.SelectMany(expression => expression.Metrics).Where(metric => !shown.ContainsKey(metric)),
                        .. expressions.Where(expression => expression.Metrics.All(shown.ContainsKey))
                            .SelectMany(expression => expression.Labels.Where(label => expression.Metrics.All(metric => !shown[metric].Contains(label))).Select(label => $"{label} in {expression.Text}")),
                    ];
                    return missing.Length == 0;
                },
                Limit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Not shown: {string.Join(", ", missing.Distinct())}");
        }
    }

    private static async Task<string> ShowAsync(Uri host)
    {
        using var client = new HttpClient { BaseAddress = host };
        return await client.GetStringAsync(new Uri("metrics", UriKind.Relative), Cancel);
    }
}
