using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Connections;
using Platform.Identifiers;
using Platform.Resilience;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Resilience;

/// <summary>The board in PostgreSQL: each replica writes rows of its own, orders are one row a breaker with a record of each.</summary>
internal sealed class BreakerBoard(StoreConnections connections, TimeProvider time) : IBreakerBoard
{
    private const string NoWait = "SELECT set_config('synchronous_commit', 'off', true)";

    private const string Show = """
        INSERT INTO {schema}.core_breaker_state (replica, breaker, service, state, obeys, failures, opened_at, retry_after, updated_at)
        SELECT $1, breaker, $2, state, obeys, failures, opened_at, retry_after, now()
        FROM unnest($3, $4, $5, $6, $7, $8) AS s(breaker, state, obeys, failures, opened_at, retry_after)
        ON CONFLICT (replica, breaker) DO UPDATE
        SET state = excluded.state, obeys = excluded.obeys, failures = excluded.failures,
            opened_at = excluded.opened_at, retry_after = excluded.retry_after, updated_at = excluded.updated_at
        """;

    private const string Forget = "DELETE FROM {schema}.core_breaker_state WHERE updated_at < now() - interval '1 hour'";

    private const string Orders = "SELECT breaker, obeys, epoch, options FROM {schema}.core_breaker_order";

    private const string States = """
        SELECT replica, service, breaker, state, obeys, failures, opened_at, retry_after, updated_at FROM {schema}.core_breaker_state
        WHERE updated_at > now() - $1 ORDER BY breaker, service, replica LIMIT 10000
        """;

    private const string Order = """
        INSERT INTO {schema}.core_breaker_order (breaker, obeys, options, epoch) VALUES ($1, $2, NULL, 1)
        ON CONFLICT (breaker) DO UPDATE SET obeys = excluded.obeys, epoch = core_breaker_order.epoch + 1
        """;

    private const string Configure = """
        INSERT INTO {schema}.core_breaker_order (breaker, obeys, options, epoch) VALUES ($1, 0, $2, 0)
        ON CONFLICT (breaker) DO UPDATE SET options = excluded.options
        """;

    private const string Keep = """
        INSERT INTO {schema}.core_breaker_command (id, breaker, verb, options, actor, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string Commands = """
        SELECT breaker, verb, options, actor, reason, at FROM {schema}.core_breaker_command ORDER BY at DESC, id DESC LIMIT $1
        """;

    public async Task ShowAsync(Guid replica, string service, IReadOnlyList<CircuitSnapshot> breakers, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection);
        batch.BatchCommands.Add(open.Part(NoWait));
        batch.BatchCommands.Add(open.Part(
            Show,
            One(replica),
            One(service),
            One<string[]>([.. breakers.Select(breaker => breaker.Name)]),
            One<short[]>([.. breakers.Select(breaker => (short)breaker.State)]),
            One<short[]>([.. breakers.Select(breaker => (short)breaker.Order)]),
            One<int[]>([.. breakers.Select(breaker => breaker.Failures)]),
            new NpgsqlParameter
            {
                Value = breakers.Select(breaker => breaker.Opened?.UtcDateTime).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
            },
            One<TimeSpan[]>([.. breakers.Select(breaker => breaker.RetryAfter)])));
        batch.BatchCommands.Add(open.Part(Forget));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<BreakerBoardReading> ReadAsync(CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection);
        batch.BatchCommands.Add(open.Part(Orders));
        batch.BatchCommands.Add(open.Part(States, One(BreakerSync.Forgotten)));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);

        var orders = new Dictionary<string, (CircuitOrder Order, long Epoch)>(StringComparer.Ordinal);
        var options = new Dictionary<string, CircuitBreakerOptions>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            orders.Add(reader.GetString(0), ((CircuitOrder)reader.GetInt16(1), reader.GetInt64(2)));
            if (Options(reader, 3) is { } set)
            {
                options.Add(reader.GetString(0), set);
            }
        }

        await reader.NextResultAsync(cancellationToken);
        var replicas = new List<ReplicaBreaker>();
        while (await reader.ReadAsync(cancellationToken))
        {
            replicas.Add(new(
                reader.GetGuid(0),
                reader.GetString(1),
                new(
                    reader.GetString(2),
                    (CircuitState)reader.GetInt16(3),
                    (CircuitOrder)reader.GetInt16(4),
                    reader.GetInt32(5),
                    await reader.IsDBNullAsync(6, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                    reader.GetTimeSpan(7)),
                reader.GetFieldValue<DateTimeOffset>(8)));
        }

        return new(orders, options, replicas);
    }

    public async Task CommandAsync(BreakerCommand command, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection);
        batch.BatchCommands.Add(command.Verb switch
        {
            "open" => open.Part(Order, One(command.Breaker), One((short)CircuitOrder.Open)),
            "close" => open.Part(Order, One(command.Breaker), One((short)CircuitOrder.Close)),
            "reset" => open.Part(Order, One(command.Breaker), One((short)CircuitOrder.None)),
            "configure" or "unconfigure" => open.Part(Configure, One(command.Breaker), Json(command.Options)),
            _ => throw new ArgumentException($"A breaker knows no '{command.Verb}'.", nameof(command)),
        });
        batch.BatchCommands.Add(open.Part(
            Keep,
            One(Uuid7.Next(time)),
            One(command.Breaker),
            One(command.Verb),
            Json(command.Options),
            One(command.Actor),
            One(command.Reason),
            One(command.At.UtcDateTime)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<BreakerCommand>> CommandsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var read = open.Command(Commands, One(limit));
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var found = new List<BreakerCommand>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(
                reader.GetString(0), reader.GetString(1), Options(reader, 2), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return found;
    }

    private static CircuitBreakerOptions? Options(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : JsonSerializer.Deserialize<CircuitBreakerOptions>(reader.GetString(column));

    private static NpgsqlParameter Json(CircuitBreakerOptions? options) =>
        new() { Value = options is null ? DBNull.Value : JsonSerializer.Serialize(options), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
