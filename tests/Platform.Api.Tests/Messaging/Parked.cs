using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Identifiers;

namespace Platform.Api.Tests.Messaging;

/// <summary>Puts dead letters into the database of a host.</summary>
internal static class Parked
{
    public static async Task<Guid> ParkAsync(
        this ApiHost api, string subscription, string eventType = "orders.placed.v1", string cause = "failed", string aggregateId = "o-1", string parkedAt = "2026-01-02T03:04:05Z")
    {
        var id = Uuid7.Next(TimeProvider.System);
        await api.ExecuteAsync("""
            INSERT INTO platform.core_dead_letter (subscription, event_id, position, lane, event_type, aggregate_type, aggregate_id, payload, actor, occurred_at,
                reason, attempts, error_type, error, stack, parked_at)
            VALUES ($1, $2, 1, 3, $3, 'order', $4, '{"orderId": "o-1", "amount": 5}', 'demo', now(), $5, 8, 'System.TimeoutException', 'too slow', 'at Handler', $6::timestamptz)
            """, subscription, id, eventType, aggregateId, cause, parkedAt);
        return id;
    }

    public static async Task<T> ScalarAsync<T>(this ApiHost api, string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(Array.ConvertAll(values, value => new NpgsqlParameter { Value = value }));
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public static async Task ExecuteAsync(this ApiHost api, string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(Array.ConvertAll(values, value => new NpgsqlParameter { Value = value }));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
