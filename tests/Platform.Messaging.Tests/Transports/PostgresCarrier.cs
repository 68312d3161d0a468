using Npgsql;
using Platform.Messaging.Transports;
using Platform.Testing;

namespace Platform.Messaging.Tests.Transports;

internal sealed class PostgresCarrier(PostgresFixture postgres, TestDatabase database) : Carrier(database)
{
    public override MessagingTransport Transport => MessagingTransport.PostgreSql;

    public override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    public override async Task AwayAsync()
    {
        await ExecuteAsync($"ALTER DATABASE {Database.Name} ALLOW_CONNECTIONS false");
        await CutAsync();
    }

    public override Task BackAsync() => ExecuteAsync($"ALTER DATABASE {Database.Name} ALLOW_CONNECTIONS true");

    public override Task CutAsync() => ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Database.Name}'");

    public override ValueTask DisposeAsync() => Database.DisposeAsync();

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection((await postgres.GetServerAsync()).ConnectionStringFor("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
