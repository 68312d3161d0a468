using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Platform.ServiceDefaults.Tests.Support;
using Platform.Testing;
using Platform.Testing.Xunit;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Tests.Redis;

public sealed class RedisSpanTests(RedisFixture redis)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_are_spans_below_the_one_that_sent_them_and_show_neither_key_nor_value()
    {
        await using var app = await StartAsync();
        using var spans = SpanCapture.Begin();
        await AskAsync(app, "/greet", spans);
        await Until.TrueAsync(() => spans.Ended.Count(span => span.Source.Name == "Platform.Redis") >= 2, "spans of Redis");

        var server = spans.Single("GET /greet");
        var set = spans.Single("SET");
        var get = spans.Single("GET");
        foreach (var span in new[] { set, get })
        {
            Assert.Equal(server.SpanId, span.ParentSpanId);
            Assert.Equal(ActivityKind.Client, span.Kind);
            Assert.Equal("redis", span.GetTagItem("db.system.name"));
            Assert.Equal(span.DisplayName, span.GetTagItem("db.operation.name"));
            Assert.Equal("0", span.GetTagItem("db.namespace"));
            Assert.Equal("127.0.0.1", span.GetTagItem("server.address"));
            Assert.IsType<int>(span.GetTagItem("server.port"));
            Assert.InRange(span.Duration, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(5));
            Assert.InRange(span.StartTimeUtc, server.StartTimeUtc.AddMilliseconds(-20), server.StartTimeUtc + server.Duration);
            Assert.DoesNotContain(span.TagObjects, tag => tag.Value is string text && text.Contains("secret", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Loop_over_many_keys_makes_a_bounded_number_of_spans()
    {
        await using var app = await StartAsync();
        using var spans = SpanCapture.Begin();
        await AskAsync(app, "/many", spans);
        await Until.TrueAsync(() => spans.Ended.Any(span => span.Kind is ActivityKind.Server), "the server's span");
        await Until.TrueAsync(() => spans.Ended.Count(span => span.Source.Name == "Platform.Redis") >= 500, "spans of Redis");
        Assert.Equal(500, spans.Ended.Count(span => span.Source.Name == "Platform.Redis"));
    }

    [Fact]
    public async Task Metrics_tell_durations_and_how_the_connection_stands()
    {
        await using var app = await StartAsync();
        await AskAsync(app, "/greet", null);
        var text = "";
        await Until.TrueAsync(
            async () =>
            {
                text = await app.Client.GetStringAsync("/metrics", Cancel);
                return text.Contains("db_operation_name=\"SET\"", StringComparison.Ordinal);
            },
            "the durations");
        Assert.Matches("(?m)^db_client_operation_duration_seconds_count\\{[^}]*db_operation_name=\"SET\"[^}]*db_system_name=\"redis\"", text);
        Assert.Matches("(?m)^platform_redis_connected(\\{[^}]*\\})? [1-9]", text);
        Assert.Matches("(?m)^platform_redis_operations_total(\\{[^}]*\\})? [1-9]", text);
        Assert.Contains("platform_redis_outstanding", text, StringComparison.Ordinal);
    }

    private async Task<TestApp> StartAsync()
    {
        var server = await redis.GetServerAsync();
        var app = await TestApp.StartAsync(
            builder => builder.AddRedisClient("redis"),
            app =>
            {
                app.MapGet("/greet", async (IConnectionMultiplexer connection) =>
                {
                    var database = connection.GetDatabase();
                    await database.StringSetAsync("secret-key", "secret-value");
                    await database.StringGetAsync("secret-key");
                });
                app.MapGet("/many", async (IConnectionMultiplexer connection) =>
                {
                    for (var i = 0; i < 600; i++)
                    {
                        await connection.GetDatabase().StringGetAsync("spans:key");
                    }
                });
            },
            settings: ("ConnectionStrings:redis", server.ConnectionString));

        // The connection is opened beside the start.
        await Until.TrueAsync(async () => (await app.Client.GetStringAsync("/metrics", Cancel)).Contains("platform_redis_connected", StringComparison.Ordinal)
            && System.Text.RegularExpressions.Regex.IsMatch(await app.Client.GetStringAsync("/metrics", Cancel), "(?m)^platform_redis_connected(\\{[^}]*\\})? [1-9]"), "the connection");
        return app;
    }

    private static async Task AskAsync(TestApp app, string path, SpanCapture? spans)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (spans is not null)
        {
            request.Headers.Add("traceparent", spans.TraceParent);
        }

        using var response = await app.Client.SendAsync(request, Cancel);
        response.EnsureSuccessStatusCode();
    }
}
