using System.Globalization;
using System.Text;
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
        var document = ContractDocument.Parse(Encoding.UTF8.GetBytes(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken)));
        var run = new FuzzRun(document, client.BaseAddress!, await client.TokenAsync(), Number("PLATFORM_FUZZ_SEED") ?? 1);
        var report = await run.RunAsync(
            Requests ?? int.MaxValue, Requests is null ? TimeSpan.FromSeconds(8) : TimeSpan.FromHours(1), workers: 8, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToText());
        Assert.True(report.Findings.Count == 0, report.ToText());

        // Were they all refused, nothing would be shown.
        Assert.InRange(report.Statuses.Where(status => status.Key < 300).Sum(status => status.Value), report.Requests / 10, report.Requests);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
