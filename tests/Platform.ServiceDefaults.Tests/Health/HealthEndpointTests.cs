using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Health;
using Platform.Identity;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.Health;

public sealed class HealthEndpointTests
{
    private static readonly (string, string?) NoCache = ("Platform:Health:CacheFor", "00:00:00");

    [Fact]
    public async Task Required_dependency_decides_readiness_and_never_liveness()
    {
        var database = new SwitchedCheck();
        await using var app = await StartAsync([("database", database, [HealthTags.Ready])], NoCache);
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/readyz"));

        database.Answer = () => HealthCheckResult.Unhealthy();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), await GetAsync(app, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/healthz"));

        database.Answer = () => HealthCheckResult.Healthy();
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/readyz"));
    }

    [Fact]
    public async Task Liveness_asks_no_check_at_all()
    {
        var check = new SwitchedCheck();
        await using var app = await StartAsync([("a", check, []), ("b", check, [HealthTags.Ready]), ("c", check, [HealthTags.Startup])], NoCache);
        await GetAsync(app, "/healthz");
        await GetAsync(app, "/healthz?verbose");

        Assert.Equal(0, check.Calls);
    }

    [Fact]
    public async Task Check_that_throws_has_failed()
    {
        var check = new SwitchedCheck { Answer = () => throw new InvalidOperationException("no") };
        await using var app = await StartAsync([("database", check, [])], NoCache);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(app, "/readyz")).Status);
    }

    [Theory]
    [InlineData("cache", HealthTags.Ready, HealthTags.Optional)]
    [InlineData("cache", HealthTags.Optional)]
    [InlineData("StackExchange.Redis")]
    public async Task Optional_dependency_degrades_and_the_host_goes_on(string name, params string[] tags)
    {
        var cache = new SwitchedCheck { Answer = () => HealthCheckResult.Unhealthy("away") };
        await using var app = await StartAsync([(name, cache, tags)], NoCache);

        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/readyz"));
        var verbose = await VerboseAsync(app, "/readyz?verbose");
        Assert.Equal("degraded", verbose.GetProperty("status").GetString());
        var check = Assert.Single(verbose.GetProperty("checks").EnumerateArray());
        Assert.Equal(name, check.GetProperty("name").GetString());
        Assert.Equal("degraded", check.GetProperty("status").GetString());
        Assert.False(check.GetProperty("required").GetBoolean());
    }

    [Fact]
    public async Task Host_is_not_ready_until_startup_has_passed_and_startup_never_goes_back()
    {
        var migrations = new SwitchedCheck { Answer = () => HealthCheckResult.Unhealthy() };
        await using var app = await StartAsync([("migrations", migrations, [HealthTags.Startup])], NoCache);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), await GetAsync(app, "/startup"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "starting"), await GetAsync(app, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/healthz"));

        migrations.Answer = () => HealthCheckResult.Healthy();
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/startup"));
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/readyz"));

        var calls = migrations.Calls;
        migrations.Answer = () => HealthCheckResult.Unhealthy();
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/startup"));
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/readyz"));
        Assert.Equal(calls, migrations.Calls);
    }

    [Fact]
    public async Task Draining_host_is_not_ready_even_while_a_dependency_hangs()
    {
        var database = new SwitchedCheck();
        await using var app = await StartAsync([("database", database, [])], NoCache, ("Platform:Drain:Delay", "00:00:20"));
        await GetAsync(app, "/readyz");
        database.Hangs = true;

        using var enough = new CancellationTokenSource();
        var stop = app.StopAsync(enough.Token);
        await Until.TrueAsync(() => app.Lifetime.ApplicationStopping.IsCancellationRequested, "the stop to begin");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), await GetAsync(app, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/healthz"));
        Assert.False(stop.IsCompleted);
        database.Release();
        await enough.CancelAsync();
    }

    [Theory]
    [InlineData("Development", null, true, true)]
    [InlineData("Production", ApiScopes.Operate, true, false)]
    [InlineData("Production", ApiScopes.OrdersRead, false, false)]
    [InlineData("Production", null, false, false)]
    public async Task Verbose_lists_checks_to_operators_and_tells_causes_in_development_only(string environment, string? scope, bool lists, bool tells)
    {
        var check = new SwitchedCheck { Answer = () => throw new InvalidOperationException("password of db-7 is wrong") };
        await using var app = await TestApp.StartAsync(
            builder =>
            {
                builder.Services.AddHealthChecks().AddCheck("database", check, tags: [HealthTags.Ready]);
                builder.Services.AddAuthorizationBuilder().AddPolicy(ApiScopes.Operate, policy => policy.RequireClaim("scope", ApiScopes.Operate));
            },
            app => app.Use((context, next) =>
            {
                context.User = scope is null ? context.User : new ClaimsPrincipal(new ClaimsIdentity([new("scope", scope)], "test"));
                return next(context);
            }),
            environment,
            NoCache);

        var response = await app.Client.GetAsync("/readyz?verbose", TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(tells, text.Contains("db-7", StringComparison.Ordinal));
        if (!lists)
        {
            Assert.Equal("unavailable", text);
            return;
        }

        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        var entry = Assert.Single(JsonDocument.Parse(text).RootElement.GetProperty("checks").EnumerateArray());
        Assert.Equal("unhealthy", entry.GetProperty("status").GetString());
        Assert.True(entry.GetProperty("durationMs").GetDouble() >= 0);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/startup")]
    public async Task Probe_is_never_cached_and_answers_head_and_no_other_method(string path)
    {
        await using var app = await StartAsync([], NoCache);
        using var get = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.True(get.Headers.CacheControl?.NoStore);

        using var head = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);

        using var post = await app.Client.PostAsync(path, null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Probes_do_not_pile_up_on_a_dependency_that_hangs(bool blocksItsThread)
    {
        var database = new SwitchedCheck { Hangs = !blocksItsThread, BlocksItsThread = blocksItsThread };
        await using var app = await StartAsync([("database", database, [])], NoCache, ("Platform:Health:Timeout", "00:00:00.300"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync(app, "/readyz")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync(app, "/readyz"))), answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.Equal(1, database.Calls);

        database.Release();
        await Until.TrueAsync(async () => (await GetAsync(app, "/readyz")).Status is HttpStatusCode.OK, "the dependency to be back");
    }

    [Fact]
    public async Task Optional_dependency_that_hangs_holds_up_no_probe()
    {
        var cache = new SwitchedCheck { Hangs = true };
        await using var app = await StartAsync(
            [("cache", cache, [HealthTags.Optional])], NoCache, ("Platform:Health:Timeout", "00:01:00"), ("Platform:Health:OptionalTimeout", "00:00:00.050"));

        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(app, "/readyz").WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Equal("degraded", (await VerboseAsync(app, "/readyz?verbose")).GetProperty("status").GetString());
        cache.Release();
    }

    [Fact]
    public async Task Answer_is_given_again_for_a_while_without_asking()
    {
        var database = new SwitchedCheck();
        await using var app = await StartAsync([("database", database, [])], ("Platform:Health:CacheFor", "00:01:00"));
        for (var i = 0; i < 20; i++)
        {
            await GetAsync(app, "/readyz");
        }

        Assert.Equal(1, database.Calls);
    }

    [Fact]
    public async Task Timeout_that_makes_no_sense_stops_the_start()
    {
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => StartAsync([], ("Platform:Health:Timeout", "00:00:00")));
    }

    private static Task<TestApp> StartAsync((string Name, SwitchedCheck Check, string[] Tags)[] checks, params (string, string?)[] settings) =>
        StartAsync(checks, "Development", settings);

    private static Task<TestApp> StartAsync(
        (string Name, SwitchedCheck Check, string[] Tags)[] checks, string environment, params (string, string?)[] settings) =>
        TestApp.StartAsync(
            builder =>
            {
                foreach (var (name, check, tags) in checks)
                {
                    builder.Services.AddHealthChecks().AddCheck(name, check, tags: tags);
                }
            },
            environment: environment,
            settings: settings);

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(TestApp app, string path)
    {
        using var response = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<JsonElement> VerboseAsync(TestApp app, string path) =>
        JsonDocument.Parse((await GetAsync(app, path)).Text).RootElement;
}
