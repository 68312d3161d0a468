using System.Net;
using System.Net.Http.Json;
using Npgsql;
using Platform.GraphQL.Tests.Hosting;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Schema;

/// <summary>The service with little patience.</summary>
public sealed class HastyPlatformHost(PostgresFixture postgres) : PlatformHost(postgres)
{
    protected override IEnumerable<(string Key, string Value)> Settings => [("Timeout", "00:00:02")];
}

public sealed class TimeoutTests(HastyPlatformHost host) : IClassFixture<HastyPlatformHost>
{
    private const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    private const string Products = "{ products(first: 1) { edges { node { id } } } }";

    [Fact]
    public async Task A_query_that_waits_too_long_ends_in_the_database_too()
    {
        await host.AskAsync(Products);
        await using var blocker = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await blocker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(blocker, "LOCK TABLE commerce.products IN ACCESS EXCLUSIVE MODE");

        var answer = await host.AskAsync(Products);

        Assert.Equal("TIMEOUT", answer.Code);
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
        await Eventually.BecomesTrueAsync(async () => await ExecuteAsync(blocker, Waiting) is 0L);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Empty((await host.AskAsync(Products)).Errors);
    }

    [Fact]
    public async Task A_query_that_nobody_waits_for_any_more_ends_in_the_database_too()
    {
        await host.AskAsync(Products);
        await using var blocker = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await blocker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(blocker, "LOCK TABLE commerce.products IN ACCESS EXCLUSIVE MODE");
        using var patience = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = JsonContent.Create(new { query = Products }) };
        request.Headers.Authorization = new("Bearer", host.Token());

        var asked = host.Http.SendAsync(request, patience.Token);
        await Eventually.BecomesTrueAsync(async () => await ExecuteAsync(blocker, Waiting) is 1L);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Eventually.BecomesTrueAsync(async () => await ExecuteAsync(blocker, Waiting) is 0L);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
