using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Platform.Budgets;
using Platform.Observability.Tests.Support;
using Platform.Resilience;
using Platform.Testing;

namespace Platform.Observability.Tests.Metrics;

[Collection(MetricsAlone.Name)]
public sealed class MetricsEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_paths_that_clients_invent_make_no_series()
    {
        await using var host = await TestHost.StartAsync(map: app => app.MapGet("/things/{id}", (string id) => id));
        await AskAsync(host, 0, 100);
        var before = Series(await host.Client.GetStringAsync("/metrics", Cancel)).Count;
        await AskAsync(host, 100, 10_000);
        var after = Series(await host.Client.GetStringAsync("/metrics", Cancel));

        Assert.InRange(after.Count(series => series.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal)), 1, 8);
        Assert.True(after.Count - before <= 100, $"{before} series became {after.Count}.");
        Assert.DoesNotContain(after, series => series.Contains("invented", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_metrics_lead_from_a_latency_to_a_trace()
    {
        await using var host = await TestHost.StartAsync(map: app => app.MapGet("/things/{id}", (string id) => id));
        await host.Client.GetStringAsync("/things/1", Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text; version=1.0.0");
        using var response = await host.Client.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Equal("application/openmetrics-text", response.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        Assert.Matches("http_server_request_duration_seconds_bucket\\{[^}]*http_route=\"/things/[^\n]*# \\{[^}]*trace_id=\"[0-9a-f]{32}\"", text);
    }

    [Fact]
    public async Task Metrics_can_be_turned_off()
    {
        await using var host = await TestHost.StartAsync(settings: ("Platform:Telemetry:Metrics", "false"));
        using var response = await host.Client.GetAsync("/metrics", Cancel);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Host_shows_budgets_and_breakers_under_the_names_that_rules_and_dashboards_use()
    {
        await using var host = await TestHost.StartAsync(map: app => app.MapGet("/things/{id}", (string id) => id), settings: ("Platform:Budgets:Slide", "00:00:00.100"));
        await host.Client.GetStringAsync("/things/1", Cancel);
        await host.Get<CircuitBreakers>().Get("shown").ExecuteAsync(_ => Task.CompletedTask, Cancel);
        await Eventually.BecomesTrueAsync(() => host.Get<BudgetBoard>().Readings().Count > 0);

        // What a database, an outbox or Redis brings is not here: the whole platform is held to all of them by NamedMetricsTests.
        var named = NamedMetrics.In(Root).SelectMany(expression => expression.Metrics).Distinct().Where(name => name.StartsWith("http_server", StringComparison.Ordinal)
            || name.StartsWith("platform_budget", StringComparison.Ordinal) || name.StartsWith("platform_breaker", StringComparison.Ordinal)).ToArray();
        Assert.True(named.Length >= 10);
        await Eventually.BecomesTrueAsync(async () =>
        {
            var shown = NamedMetrics.Of(await host.Client.GetStringAsync("/metrics", Cancel));
            return named.All(shown.ContainsKey) ? true : throw new InvalidOperationException(string.Join(", ", named.Where(name => !shown.ContainsKey(name))));
        });
    }

    [Theory]
    [InlineData("check", "rules", "platform.rules.yml")]
    [InlineData("test", "rules", "platform.rules.test.yml")]
    public async Task Rules_pass_promtool(string verb, string what, string file)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", [verb, what, file])
        {
            WorkingDirectory = Path.Combine(Root, "deploy", "prometheus"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await promtool.StandardOutput.ReadToEndAsync(Cancel) + await promtool.StandardError.ReadToEndAsync(Cancel);
        await promtool.WaitForExitAsync(Cancel);
        Assert.True(promtool.ExitCode == 0, output);
    }

    private static string Root => typeof(MetricsEndpointTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PlatformRoot").Value!;

    private static async Task AskAsync(TestHost host, int from, int to) => await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (i, cancel) =>
    {
        using var response = await host.Client.GetAsync(i % 2 == 0 ? $"/invented-{i}" : $"/things/invented-{i}", cancel);
    });

    private static List<string> Series(string text) => [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line[..line.LastIndexOf(' ')])];
}

/// <summary>Meters belong to the process: what counts series runs while no other host does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MetricsAlone
{
    public const string Name = "metrics of one host alone";
}
