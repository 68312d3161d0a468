using System.Net;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Testing;

namespace Platform.Api.Tests.Outages;

/// <summary>A request that takes too long ends with 504, and what it had not saved is not saved.</summary>
public sealed class TimeoutTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Request_that_waits_for_a_lock_is_given_up_and_saves_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, cancellation);
        await using var api = new ApiServer(database.ConnectionString, settings: ("Platform:RequestLimits:RequestTimeout", "00:00:02"));
        using var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await client.TokenAsync());
        var body = await client.OrderBodyAsync();

        await using (var connection = await database.OpenConnectionAsync(cancellation))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var command = new NpgsqlCommand("LOCK TABLE commerce.orders IN EXCLUSIVE MODE", connection, transaction);
            await command.ExecuteNonQueryAsync(cancellation);
            using var response = await client.PostJsonAsync("/api/v1/orders", body);
            await response.AssertProblemAsync(ErrorCode.Timeout);
        }

        Assert.Empty((await client.GetJsonAsync("/api/v1/orders?status=placed"))["items"]!.AsArray());
        using var next = await client.PostJsonAsync("/api/v1/orders", body);
        Assert.Equal(HttpStatusCode.Created, next.StatusCode);
    }
}
