using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Platform.Budgets;
using Platform.EntityFrameworkCore.Connections;
using Platform.Identifiers;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Budgets;

/// <summary>What operators set, with who, when and why: the change and its record are one transaction.</summary>
internal sealed class BudgetLimitTable(StoreConnections connections, TimeProvider time)
{
    private const string Read = "SELECT route, p50_ms, p95_ms, p99_ms, objective FROM {schema}.core_budget_limit ORDER BY route LIMIT 10000";

    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('budget ' || $1, 0))";

    private const string ReadOne = "SELECT route, p50_ms, p95_ms, p99_ms, objective FROM {schema}.core_budget_limit WHERE route = $1";

    private const string Set = """
        INSERT INTO {schema}.core_budget_limit (route, p50_ms, p95_ms, p99_ms, objective) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (route) DO UPDATE SET p50_ms = excluded.p50_ms, p95_ms = excluded.p95_ms, p99_ms = excluded.p99_ms, objective = excluded.objective
        """;

    private const string Unset = "DELETE FROM {schema}.core_budget_limit WHERE route = $1";

    private const string Record = """
        INSERT INTO {schema}.core_budget_change (id, route, before, after, actor, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string Changes = "SELECT route, before, after, actor, reason, at FROM {schema}.core_budget_change ORDER BY at DESC, id DESC LIMIT $1";

    public async Task<IReadOnlyDictionary<string, Budget>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var command = open.Command(Read);
        return await ReadAsync(command, cancellationToken);
    }

    public async Task<bool> SetAsync(string route, Budget? budget, string actor, string reason, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        await using (var wait = open.Command(Lock, One(route)))
        {
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }

        Budget? before;
        await using (var read = open.Command(ReadOne, One(route)))
        {
            before = (await ReadAsync(read, cancellationToken)).GetValueOrDefault(route);
        }

        if (before == budget)
        {
            return false;
        }

        await using var batch = new NpgsqlBatch(open.Connection);
        batch.BatchCommands.Add(budget is null
            ? open.Part(Unset, One(route))
            : open.Part(Set, One(route), One(budget.P50Ms), One(budget.P95Ms), One(budget.P99Ms), One(budget.Objective)));
        batch.BatchCommands.Add(open.Part(
            Record, One(Uuid7.Next(time)), One(route), Json(before), Json(budget), One(actor), One(reason), One(time.GetUtcNow().UtcDateTime)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<BudgetChange>> ChangesAsync(int limit, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var command = open.Command(Changes, One(limit));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<BudgetChange>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(
                reader.GetString(0),
                Budget(reader, 1),
                Budget(reader, 2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return found;
    }

    private static async Task<IReadOnlyDictionary<string, Budget>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, Budget>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0), new(reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetDouble(4)));
        }

        return found;
    }

    private static Budget? Budget(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : JsonSerializer.Deserialize<Budget>(reader.GetString(column));

    private static NpgsqlParameter Json(Budget? budget) =>
        new() { Value = budget is null ? DBNull.Value : JsonSerializer.Serialize(budget), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
