using System.Net;
using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identifiers;
using Platform.Identity;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.GraphQL.Tests.Limits;

public sealed class BudgetTests(BudgetHost host, PostgresFixture postgres, RedisFixture redis) : IClassFixture<BudgetHost>
{
    // One caller a test.
    private readonly string _caller = Uuid7.Next(TimeProvider.System).ToString("D");

    // The query, the connection, 30 edges and nodes; three fields and 30 nodes.
    private const string Dear = "{ products(first: 30) { edges { node { name } } } }";
    private const int CostOfDear = 94;

    [Fact]
    public async Task The_cost_comes_back_with_the_answer_and_in_header_fields()
    {

        var answer = await AskAsync(host, Dear);

        var cost = answer.Body.GetProperty("extensions").GetProperty("cost");
        Assert.Equal((32, 62, CostOfDear), (cost.GetProperty("field").GetInt32(), cost.GetProperty("type").GetInt32(), cost.GetProperty("total").GetInt32()));
        Assert.Equal("94;max=100", Assert.Single(answer.Headers.GetValues("GraphQL-Cost")));
        Assert.Equal("\"client\";q=1000;w=60;qu=\"cost\"", Assert.Single(answer.Headers.GetValues("RateLimit-Policy")));
        Assert.StartsWith("\"client\";r=906;t=", Assert.Single(answer.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_request_may_cost_depends_on_its_caller()
    {
        const string Dearer = "{ products(first: 40) { edges { node { name } } } }";

        var client = await AskAsync(host, Dearer);
        var staff = await AskAsync(host, Dearer, ApiScopes.CatalogRead, ApiScopes.Operate);

        Assert.Equal((HttpStatusCode.BadRequest, "COMPLEXITY_LIMIT_EXCEEDED"), (client.Status, client.Code));
        Assert.Empty(staff.Errors);
        Assert.Equal("124;max=500", Assert.Single(staff.Headers.GetValues("GraphQL-Cost")));
    }

    [Fact]
    public async Task A_caller_that_has_spent_its_minute_is_told_when_to_come_back_and_others_are_served()
    {
        var other = host.Issuer.Token(ApiScopes.CatalogRead, subject: Uuid7.Next(TimeProvider.System).ToString("D"));

        var spent = await SpendAsync(host);
        var refused = await AskAsync(host, Dear);
        var served = await host.Http.AskAsync(host.Url, Dear, token: other);

        Assert.Equal(1_000 / CostOfDear, spent);
        Assert.Equal((HttpStatusCode.TooManyRequests, "RATE_LIMIT_EXCEEDED"), (refused.Status, refused.Code));
        Assert.InRange(refused.Error.GetProperty("extensions").GetProperty("retryAfter").GetDouble(), 0.01, 60);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(JsonValueKind.Undefined, refused.Body.TryGetProperty("data", out var data) ? data.ValueKind : JsonValueKind.Undefined);
        Assert.Empty(served.Errors);
    }

    [Fact]
    public async Task Replicas_share_the_budget_over_redis_and_each_goes_on_alone_without_it()
    {
        var server = await redis.GetServerAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.EndPoint);
        await using var one = await BudgetReplica.StartAsync(postgres, server.EndPoint, host);
        await using var other = await BudgetReplica.StartAsync(postgres, server.EndPoint, host);
        await Eventually.BecomesTrueAsync(async () =>
            Empty(await AskAsync(one, "{ __typename }")) && Empty(await AskAsync(other, "{ __typename }"))
            && await connection.GetDatabase().KeyExistsAsync($"graphql-cost:{{caller:{_caller}}}"));
        await connection.GetDatabase().KeyDeleteAsync($"graphql-cost:{{caller:{_caller}}}");

        var spent = 0;
        var refused = new[] { false, false };
        for (var i = 0; i < 30; i++)
        {
            var answer = await AskAsync(i % 2 == 0 ? one : other, Dear);
            refused[i % 2] |= answer.Status == HttpStatusCode.TooManyRequests;
            spent += answer.Status == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.Equal([true, true], refused);
        Assert.InRange(spent, 9, 11);
        Assert.InRange(await SpendAsync(host), 9, 10);
    }

    [Fact]
    public async Task Refusals_are_paid_too()
    {
        var codes = new List<string>();
        for (var i = 0; i < 14; i++)
        {
            codes.Add((await AskAsync(host, "{ broken")).Code);
        }

        Assert.Equal("INVALID_INPUT", codes[0]);
        Assert.All(codes[..10], code => Assert.Equal("INVALID_INPUT", code));
        Assert.Contains("RATE_LIMIT_EXCEEDED", codes[10..]);
    }

    private static bool Empty(GraphQLAnswer answer) => answer.Errors.Count == 0;

    private async Task<int> SpendAsync(PlatformHost replica)
    {
        for (var times = 0; times < 30; times++)
        {
            if ((await AskAsync(replica, Dear)).Status == HttpStatusCode.TooManyRequests)
            {
                return times;
            }
        }

        return int.MaxValue;
    }

    private Task<GraphQLAnswer> AskAsync(PlatformHost replica, string query, params string[] scopes) =>
        replica.Http.AskAsync(replica.Url, query, token: replica.Issuer.Token(string.Join(' ', scopes is [] ? [ApiScopes.CatalogRead] : scopes), subject: _caller));
}
