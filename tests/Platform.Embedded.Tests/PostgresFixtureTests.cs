using Npgsql;
using Platform.Testing;

namespace Platform.Embedded.Tests;

public sealed class PostgresFixtureTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_is_prepared_once_and_each_copy_stands_alone()
    {
        var prepared = 0;
        var template = new DatabaseTemplate("one table", async (connectionString, cancellationToken) =>
        {
            prepared++;
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var command = source.CreateCommand("CREATE TABLE thing (id int)");
            await command.ExecuteNonQueryAsync(cancellationToken);
        });
        await using var first = await postgres.CreateDatabaseAsync(template, Stop);
        await using var second = await postgres.CreateDatabaseAsync(template, Stop);

        await ExecuteAsync(first, "INSERT INTO thing VALUES (1)");

        Assert.Equal(1, prepared);
        Assert.Equal(1L, await ExecuteAsync(first, "SELECT count(*) FROM thing"));
        Assert.Equal(0L, await ExecuteAsync(second, "SELECT count(*) FROM thing"));
    }

    private static async Task<object?> ExecuteAsync(TestDatabase database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop);
    }
}
