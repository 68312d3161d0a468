using System.Globalization;
using System.Net;
using Platform.Api.Tests.Support;
using Platform.Testing;

namespace Platform.Api.Tests.FeatureFlags;

/// <summary>Two replicas under load while a flag is flipped and Redis dies half-way.</summary>
public sealed class FlagReplicaTests(PostgresFixture postgres)
{
    // As many as wanted: PLATFORM_FLAG_FLIPS=1000 dotnet test ...
    private static readonly int Flips = int.Parse(Environment.GetEnvironmentVariable("PLATFORM_FLAG_FLIPS") ?? "150", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_request_sees_the_old_or_the_new_answer_and_both_replicas_converge()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        var redis = await RedisFixture.StartOwnAsync();

        // All of them are one client, whom the limits would hold back.
        (string, string)[] settings = [("Platform:RateLimiting:Classes:read:Limit", "100000000"), ("Platform:RateLimiting:Classes:write:Limit", "100000000")];
        await using var first = new ApiServer(database.ConnectionString, redis.ConnectionString, settings: settings);
        await using var second = new ApiServer(database.ConnectionString, redis.ConnectionString, settings: settings);
        using var writer = first.CreateClient();
        var token = await writer.TokenAsync();
        writer.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var created = await writer.PostJsonAsync("/api/v1/flags", """{"name":"flipped","everyone":false,"note":"0"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var committed = 1L;

        using var end = new CancellationTokenSource();
        var readers = new[] { first, second, first, second }.Select(server => ReadAsync(server, token, () => Volatile.Read(ref committed), end.Token)).ToArray();
        var tag = created.Headers.ETag!;
        for (var i = 1; i <= Flips; i++)
        {
            using var put = new HttpRequestMessage(HttpMethod.Put, "/api/v1/flags/flipped")
            {
                Content = new StringContent($$"""{"name":"flipped","everyone":{{(i % 2 == 1 ? "true" : "false")}},"note":"{{i}}"}""", System.Text.Encoding.UTF8, "application/json"),
                Headers = { IfMatch = { tag } },
            };

            // From the moment the write begins, the new answer may be seen.
            Volatile.Write(ref committed, i + 1);
            using var answer = await writer.SendAsync(put, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            tag = answer.Headers.ETag!;
            if (i == Flips / 2)
            {
                await redis.DisposeAsync();
            }
        }

        var committedLast = TimeProvider.System.GetTimestamp();
        var expected = (Flips % 2 == 1, (long)Flips + 1);
        foreach (var server in new[] { first, second })
        {
            using var client = server.CreateClient();
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            await Eventually.BecomesTrueAsync(async () => await AskAsync(client) == expected);
        }

        var converged = TimeProvider.System.GetElapsedTime(committedLast);
        await end.CancelAsync();
        var answered = await Task.WhenAll(readers);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Flips} changes, {answered.Sum()} requests of 4 readers, none failed or saw an older answer; both replicas had the last one after {converged.TotalMilliseconds:0} ms.");
        Assert.All(answered, requests => Assert.True(requests > 10, $"{requests} requests"));
    }

    private static async Task<int> ReadAsync(ApiServer server, string token, Func<long> committed, CancellationToken end)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var (requests, newest) = (0, 0L);
        while (!end.IsCancellationRequested)
        {
            var (enabled, version) = await AskAsync(client);
            Assert.Equal(version % 2 == 0, enabled);
            Assert.InRange(version, newest, committed());
            newest = version;
            requests++;
        }

        return requests;
    }

    private static async Task<(bool Enabled, long Version)> AskAsync(HttpClient client)
    {
        using var response = await client.PostJsonAsync("/api/v1/flags/flipped/evaluate", """{"userId":"1"}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.JsonAsync();
        return ((bool)answer["enabled"]!, (long)answer["version"]!);
    }
}
