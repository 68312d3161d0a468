using Npgsql;
using Platform.GraphQL.Tests.Hosting;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Schema;

public sealed class OutageTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string Products = "{ products(first: 1) { edges { node { id } } } }";

    [Fact]
    public async Task A_database_that_is_away_is_told_as_such_and_answers_again_when_it_is_back()
    {
        await using var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(host.Database.ConnectionString) { Database = "postgres" }.ConnectionString);
        await server.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(server, $"ALTER DATABASE {host.Database.Name} ALLOW_CONNECTIONS false");
        await ExecuteAsync(server, $"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{host.Database.Name}'");
        await ExecuteAsync(server, $"ALTER DATABASE {host.Database.Name} RENAME TO {host.Database.Name}_away");

        var away = await host.AskAsync(Products);

        await ExecuteAsync(server, $"ALTER DATABASE {host.Database.Name}_away RENAME TO {host.Database.Name}");
        await ExecuteAsync(server, $"ALTER DATABASE {host.Database.Name} ALLOW_CONNECTIONS true");
        Assert.Equal("DATABASE_ERROR", away.Code);
        Assert.True(away.Error.GetProperty("extensions").GetProperty("retryAfter").GetDouble() > 0);
        Assert.DoesNotContain(host.Database.Name, away.Body.GetRawText(), StringComparison.Ordinal);
        await Eventually.BecomesTrueAsync(async () => (await host.AskAsync(Products)).Errors.Count == 0);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
