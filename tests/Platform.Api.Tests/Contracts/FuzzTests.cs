using System.Globalization;
using System.Text;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Contracts.Fuzzing;
using Platform.Contracts.Model;
using Platform.Testing;

namespace Platform.Api.Tests.Contracts;

/// <summary>
/// Requests that are made from the document, as they should be and not. <c>PLATFORM_FUZZ_REQUESTS=100000</c> is the long form, <c>PLATFORM_FUZZ_SEED</c> another
/// choice of requests.
/// </summary>
public sealed class FuzzTests(PostgresFixture postgres)
{
    private static readonly int? Requests = Number("PLATFORM_FUZZ_REQUESTS");

    [Fact]
    public async Task No_request_gets_a_500_an_answer_outside_the_document_or_none()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        await using var server = new ApiServer(
            database.ConnectionString,
            settings: [("Platform:RateLimiting:Classes:read:Limit", "100000000"), ("Platform:RateLimiting:Classes:write:Limit", "100000000"), ("Platform:RateLimiting:Classes:anonymous:Limit", "100000000")]);
        using var client = server.CreateClient();
        await SeedAsync(database);
        var document = ContractDocument.Parse(Encoding.UTF8.GetBytes(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken)));
        var run = new FuzzRun(document, client.BaseAddress!, await client.TokenAsync(), Number("PLATFORM_FUZZ_SEED") ?? 1);
        var report = await run.RunAsync(
            Requests ?? int.MaxValue, Requests is null ? TimeSpan.FromSeconds(8) : TimeSpan.FromHours(1), workers: 8, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToText());
        Assert.True(report.Findings.Count == 0, report.ToText());

        // Were they all refused, nothing would be shown.
        Assert.InRange(report.Statuses.Where(status => status.Key < 300).Sum(status => status.Value), report.Requests / 10, report.Requests);
    }

    // What only other hosts make.
    private static async Task SeedAsync(TestDatabase database)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO platform.core_subscription_lane (subscription, lane, position, reads_log, epoch, owner, released, crashes, suspect_attempts, updated_at)
            SELECT 'payments', lane, 0, true, 1, 'host:1', false, 0, 0, now() FROM generate_series(0, 15) lane;
            INSERT INTO platform.core_lease (name, token, expires_at, due_at, schedule) VALUES ('nightly', 0, '-infinity', '2999-01-01T03:00:00Z', 'cron 0 3 * * *');
            INSERT INTO platform.core_dead_letter (subscription, event_id, position, lane, event_type, aggregate_type, aggregate_id, payload, actor, occurred_at,
                reason, attempts, error_type, error, stack, parked_at)
            SELECT 'payments', gen_random_uuid(), n, 3, 'orders.placed.v1', 'order', 'o-' || n, '{"orderId": "o-1"}', 'demo', now(), 'failed', 8, 'System.TimeoutException', 'too slow', 'at Handler', now()
            FROM generate_series(1, 500) n
            """,
            connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
