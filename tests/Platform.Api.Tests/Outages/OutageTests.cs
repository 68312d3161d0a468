using System.Net;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Testing;

namespace Platform.Api.Tests.Outages;

/// <summary>PostgreSQL or Redis goes away while requests come in.</summary>
public sealed class OutageTests(FallingPostgres postgres) : IClassFixture<FallingPostgres>
{

    [Fact]
    public async Task Requests_are_told_503_while_postgres_is_down_and_served_again_after_without_a_restart()
    {
        await using var api = new ApiServer(await postgres.UpAsync());
        using var client = await ClientAsync(api);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/readyz"));
        var body = await client.OrderBodyAsync();

        await postgres.CrashAsync();
        await AssertUnavailableAsync(await client.GetAsync("/api/v1/orders", TestContext.Current.CancellationToken));
        await AssertUnavailableAsync(await client.PostJsonAsync("/api/v1/orders", body));
        await AssertUnavailableAsync(await client.RequestTokenAsync());
        await Eventually.BecomesTrueAsync(async () => await StatusAsync(client, "/readyz") is HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/healthz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/openapi/v1.json"));

        await postgres.UpAsync();
        await Eventually.BecomesTrueAsync(async () => await StatusAsync(client, "/readyz") is HttpStatusCode.OK);
        using var created = await client.PostJsonAsync("/api/v1/orders", body);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
    }

    [Fact]
    public async Task Api_that_starts_while_postgres_is_down_serves_as_soon_as_it_is_up()
    {
        var connectionString = await postgres.UpAsync();
        await postgres.DownAsync();

        await using var api = new ApiServer(connectionString);
        using var client = api.CreateClient();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/healthz"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "/readyz"));
        await AssertUnavailableAsync(await client.RequestTokenAsync());
        client.DefaultRequestHeaders.Authorization = new("Bearer", "any");
        await AssertUnavailableAsync(await client.GetAsync("/api/v1/orders", TestContext.Current.CancellationToken));
        client.DefaultRequestHeaders.Authorization = null;

        await postgres.UpAsync();
        await Eventually.BecomesTrueAsync(async () => await StatusAsync(client, "/readyz") is HttpStatusCode.OK);
        await client.TokenAsync();
    }

    [Fact]
    public async Task Orders_and_their_events_are_there_together_or_not_at_all_when_postgres_crashes_under_load()
    {
        await using var api = new ApiServer(await postgres.UpAsync());
        using var client = await ClientAsync(api);
        var body = await client.OrderBodyAsync();
        var placed = new System.Collections.Concurrent.ConcurrentBag<string>();
        var crashed = 0;

        async Task PlaceUntilRefusedAsync()
        {
            while (true)
            {
                using var response = await client.PostJsonAsync("/api/v1/orders", body);
                if (response.StatusCode is not HttpStatusCode.Created)
                {
                    await response.AssertProblemAsync(ErrorCode.DatabaseError);
                    return;
                }

                placed.Add((await response.JsonAsync())["id"]!.GetValue<string>());
                if (placed.Count > 40 && Interlocked.Exchange(ref crashed, 1) == 0)
                {
                    await postgres.CrashAsync();
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PlaceUntilRefusedAsync()));
        await using var connection = new NpgsqlConnection(await postgres.UpAsync());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT coalesce(o.id::text, e.aggregate_id), o.id IS NOT NULL, e.id IS NOT NULL, EXISTS (SELECT FROM commerce.order_lines l WHERE l.order_id = o.id)
            FROM (SELECT * FROM commerce.orders WHERE status = 'placed') o
            FULL JOIN (SELECT * FROM platform.core_outbox_event WHERE event_type = 'orders.placed.v1') e ON e.aggregate_id = o.id::text
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var saved = new HashSet<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(reader.GetBoolean(1) && reader.GetBoolean(2) && reader.GetBoolean(3), $"{reader.GetString(0)} is half there.");
            saved.Add(reader.GetString(0));
        }

        Assert.Superset(placed.ToHashSet(), saved);
    }

    [Fact]
    public async Task Api_keeps_serving_while_redis_is_down()
    {
        var redis = await RedisFixture.StartOwnAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var api = new ApiServer(await postgres.UpAsync(), redis.ConnectionString);
        using var client = await ClientAsync(api);
        await Eventually.BecomesTrueAsync(async () => await StatusAsync(client, "/readyz") is HttpStatusCode.OK);

        await redis.StopAsync();
        using var created = await client.PostJsonAsync("/api/v1/orders", await client.OrderBodyAsync());
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/readyz"));
    }

    private static async Task<HttpClient> ClientAsync(ApiServer api)
    {
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await client.TokenAsync());
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        using (response)
        {
            await response.AssertProblemAsync(ErrorCode.DatabaseError);
            Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter!.Delta);
        }
    }
}
