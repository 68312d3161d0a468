using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.RateLimiting;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Api.Tests.RateLimiting;

public sealed class RateLimitTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const int Limit = 20;

    [Fact]
    public async Task Replicas_share_one_limit_over_redis_and_each_holds_it_alone_without()
    {
        var redis = await RedisFixture.StartOwnAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var one = Server(redis.ConnectionString);
        await using var two = Server(redis.ConnectionString);
        using var first = await ClientAsync(one);
        using var second = await ClientAsync(two);
        var connected = 0;
        await Eventually.BecomesTrueAsync(async () =>
        {
            // Until both have their connection each counts for itself.
            using var a = await first.GetAsync("/api/v1/products?limit=1", TestContext.Current.CancellationToken);
            using var b = await second.GetAsync("/api/v1/products?limit=1", TestContext.Current.CancellationToken);
            return ++connected > 1 && Left(b) == Left(a) - 1;
        });

        // A write has a limit of its own, which nobody used yet.
        var answers = await Task.WhenAll(Enumerable.Range(0, 2 * Limit).Select(i => PostAsync(i % 2 == 0 ? first : second)));
        Assert.Equal(Limit, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.BadRequest))
        {
            await refused.AssertProblemAsync(ErrorCode.RateLimitExceeded);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
            Assert.Equal($"\"write\";q={Limit};w=3600", Assert.Single(refused.Headers.GetValues("RateLimit-Policy")));
            Assert.Matches("^\"write\";r=0;t=[0-9]+$", Assert.Single(refused.Headers.GetValues("RateLimit")));
        }

        // Without Redis requests go on, and are counted by each replica.
        await redis.DisposeAsync();
        var alone = new List<HttpResponseMessage>();
        for (var i = 0; i < 2 * Limit; i++)
        {
            alone.Add(await PostAsync(first));
        }

        Assert.InRange(alone.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest), Limit - 1, Limit + 1);
    }

    [Fact]
    public async Task Who_brings_no_token_is_held_to_the_limit_of_the_address_before_anything_is_done_for_it()
    {
        await using var server = new ApiServer(
            api.ConnectionString, settings: [("Platform:RateLimiting:Classes:anonymous:Limit", "6"), ("Platform:RateLimiting:Classes:anonymous:Window", "01:00:00"), ("Platform:RateLimiting:Replicas", "1")]);
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await client.TokenAsync());
        using var known = new HttpClient { BaseAddress = client.BaseAddress };
        for (var left = 4; left > 0; left--)
        {
            using var unknown = await known.GetAsync("/api/v1/products", TestContext.Current.CancellationToken);
            await unknown.AssertProblemAsync(ErrorCode.Unauthenticated);
            Assert.StartsWith($"\"anonymous\";r={left};", Assert.Single(unknown.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        }

        using var page = await known.GetAsync("/errors", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        foreach (var path in (string[])["/api/v1/products", "/errors"])
        {
            using var refused = await known.GetAsync(path, TestContext.Current.CancellationToken);
            await refused.AssertProblemAsync(ErrorCode.RateLimitExceeded);
        }

        using var guess = await known.RequestTokenAsync(secret: "a guess");
        await guess.AssertProblemAsync(ErrorCode.RateLimitExceeded);
        using var healthy = await known.GetAsync("/healthz", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, healthy.StatusCode);
        using var caller = await client.GetAsync("/api/v1/products?limit=1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, caller.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copy_that_is_still_good_costs_nothing(bool withRedis)
    {
        await using var redis = withRedis ? await RedisFixture.StartOwnAsync(cancellationToken: TestContext.Current.CancellationToken) : null;
        await using var server = Server(redis?.ConnectionString ?? "127.0.0.1:1");
        using var client = await ClientAsync(server);
        if (redis is not null)
        {
            // Until it has its connection the server counts by itself.
            await using var counts = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
            await Eventually.BecomesTrueAsync(async () =>
            {
                using var counted = await client.GetAsync("/api/v1/products?limit=1", TestContext.Current.CancellationToken);
                return await counts.GetDatabase().KeyExistsAsync("limit:{demo}:read");
            });
        }

        // Flags are looked at before it is known that nothing of them changed.
        foreach (var path in (string[])["/api/v1/products?limit=2", "/api/v1/flags"])
        {
            using var first = await client.GetAsync(path, TestContext.Current.CancellationToken);
            for (var i = 0; i < 2 * Limit; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
                using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
                Assert.True(!response.Headers.Contains("RateLimit") || Left(response) == Left(first), response.Headers.ToString());
            }

            using var last = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(Left(first) - 1, Left(last));
        }
    }

    [Fact]
    public async Task Saturated_server_sheds_reads_then_writes_and_answers_probes_always()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration["Platform:RateLimiting:MaxConcurrentRequests"] = "10";
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddErrors();
        builder.AddRateLimits();
        builder.Services.Configure<Microsoft.AspNetCore.Routing.RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);
        await using var app = builder.Build();
        app.UseErrors();
        app.UseRouting();
        app.UseLoadShedding();
        app.MapDefaultEndpoints();
        app.MapMethods("/hold", ["GET", "POST"], async () => await release.Task);
        app.MapGet("/operate", () => "ok").RequireAuthorization(Platform.Identity.ApiScopes.Operate);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var held = new List<Task<HttpResponseMessage>>();
        var shedReads = await HoldUntilShedAsync(HttpMethod.Get);
        Assert.Equal(8, held.Count);
        await shedReads.AssertProblemAsync(ErrorCode.ServiceUnavailable);
        Assert.Equal(TimeSpan.FromSeconds(1), shedReads.Headers.RetryAfter!.Delta);
        var shedWrites = await HoldUntilShedAsync(HttpMethod.Post);
        Assert.Equal(9, held.Count);
        await shedWrites.AssertProblemAsync(ErrorCode.ServiceUnavailable);
        Assert.Equal("ok", await client.GetStringAsync("/operate", TestContext.Current.CancellationToken));
        Assert.Equal("ok", await client.GetStringAsync("/healthz", TestContext.Current.CancellationToken));

        release.SetResult();
        Assert.All(await Task.WhenAll(held), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));

        async Task<HttpResponseMessage> HoldUntilShedAsync(HttpMethod method)
        {
            while (true)
            {
                var request = client.SendAsync(new HttpRequestMessage(method, "/hold"), TestContext.Current.CancellationToken);
                if (await Task.WhenAny(request, Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken)) == request)
                {
                    return await request;
                }

                held.Add(request);
            }
        }
    }

    private ApiServer Server(string redis) => new(
        api.ConnectionString,
        redis,
        0,
        ("Platform:RateLimiting:Classes:write:Limit", $"{Limit}"),
        ("Platform:RateLimiting:Classes:write:Window", "01:00:00"),
        ("Platform:RateLimiting:Classes:read:Limit", "1000"),
        ("Platform:RateLimiting:Classes:read:Window", "1.00:00:00"),
        ("Platform:RateLimiting:RedisTimeout", "00:00:05"));

    private static async Task<HttpClient> ClientAsync(ApiServer server)
    {
        var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await client.TokenAsync());
        return client;
    }

    private static long Left(HttpResponseMessage response) =>
        long.Parse(response.Headers.GetValues("RateLimit").Single().Split("r=")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client) => client.PostJsonAsync("/api/v1/products", "{}");
}
