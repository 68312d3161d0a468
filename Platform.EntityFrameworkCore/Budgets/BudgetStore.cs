using Npgsql;
using NpgsqlTypes;
using Platform.Budgets;
using Platform.EntityFrameworkCore.Connections;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Budgets;

/// <summary>What replicas measured, in PostgreSQL: each writes rows of its own, who reads adds them up.</summary>
internal sealed class BudgetStore(StoreConnections connections, BudgetLimitTable limits) : IBudgetStore
{
    private const int MaxRoutes = 10_000;

    // A measurement that a crash of the server takes back is no loss worth a wait for the disk.
    private const string NoWait = "SELECT set_config('synchronous_commit', 'off', true)";

    private const string Save = """
        INSERT INTO {schema}.core_budget_slice (route, start, minutes, replica, requests, failed, slow, sketch)
        SELECT route, $1, 1, $2, requests, failed, slow, sketch
        FROM unnest($3, $4, $5, $6, $7) AS s(route, requests, failed, slow, sketch)
        ON CONFLICT (start, route, minutes, replica) DO UPDATE
        SET requests = excluded.requests, failed = excluded.failed, slow = excluded.slow, sketch = excluded.sketch
        """;

    // $3 is a route with or without its method. A route cannot hold a space but the one behind the method.
    private const string Read = """
        SELECT route, start, minutes, failed, slow, sketch FROM {schema}.core_budget_slice
        WHERE start > $1 - interval '1 hour' AND start + minutes * interval '1 minute' > $1 AND start < $2
          AND ($3::text IS NULL OR route = $3 OR split_part(route, ' ', 2) = $3)
        ORDER BY start
        """;

    private const string Count = """
        SELECT s.route, w.n, sum(s.requests)::bigint, sum(s.failed + s.slow)::bigint
        FROM {schema}.core_budget_slice s
        JOIN unnest($1) WITH ORDINALITY AS w(since, n) ON s.start + s.minutes * interval '1 minute' > w.since
        WHERE s.start > $2
        GROUP BY s.route, w.n
        """;

    private const string Claim = """
        INSERT INTO {schema}.core_budget_violation (route, percentile, window_start, measured_ms, limit_ms, requests, trace_id, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
        """;

    private const string Violations = """
        SELECT route, percentile, window_start, measured_ms, limit_ms, requests, trace_id, at FROM {schema}.core_budget_violation
        WHERE window_start >= $1 ORDER BY window_start DESC, route, percentile LIMIT $2
        """;

    public async Task SaveAsync(Guid replica, DateTimeOffset minute, IReadOnlyList<RouteSlice> slices, CancellationToken cancellationToken)
    {
        if (slices.Count == 0)
        {
            return;
        }

        await using var open = await connections.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection);
        batch.BatchCommands.Add(open.Part(NoWait));
        batch.BatchCommands.Add(open.Part(
            Save,
            One(minute.UtcDateTime),
            One(replica),
            One<string[]>([.. slices.Select(slice => slice.Route)]),
            One<long[]>([.. slices.Select(slice => slice.Latency.Count)]),
            One<long[]>([.. slices.Select(slice => slice.Failed)]),
            One<long[]>([.. slices.Select(slice => slice.Slow)]),
            One<byte[][]>([.. slices.Select(slice => slice.Latency.Encode())])));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<BudgetReading> ReadAsync(string route, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(route);
        var sum = new Sum(route, from, to);
        await ReadAsync(route, from, to, (_, _, row) => sum.Add(row), cancellationToken);
        return sum.Reading;
    }

    public async Task<IReadOnlyList<BudgetReading>> ReadAllAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var routes = new SortedDictionary<string, Sum>(StringComparer.Ordinal);
        await ReadAsync(
            null,
            from,
            to,
            (route, _, row) =>
            {
                if (!routes.TryGetValue(route, out var sum))
                {
                    if (routes.Count == MaxRoutes)
                    {
                        return;
                    }

                    routes.Add(route, sum = new Sum(route, from, to));
                }

                sum.Add(row);
            },
            cancellationToken);
        return [.. routes.Values.Select(sum => sum.Reading)];
    }

    public async Task<IReadOnlyList<BudgetReading>> SeriesAsync(string route, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(route);
        var steps = new SortedDictionary<DateTimeOffset, Sum>();
        await ReadAsync(
            route,
            from,
            to,
            (_, start, row) =>
            {
                if (!steps.TryGetValue(start, out var sum))
                {
                    steps.Add(start, sum = new Sum(route, start, start.AddMinutes(row.Minutes)));
                }

                sum.Add(row);
            },
            cancellationToken);
        return [.. steps.Values.Select(sum => sum.Reading)];
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<TimeSpan, RequestCount>>> CountAsync(
        DateTimeOffset now, IReadOnlyList<TimeSpan> windows, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var command = open.Command(
            Count,
            One<DateTime[]>([.. windows.Select(window => (now - window).UtcDateTime)]),
            One((now - windows.Max() - TimeSpan.FromHours(1)).UtcDateTime));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var routes = new Dictionary<string, Dictionary<TimeSpan, RequestCount>>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var route = reader.GetString(0);
            if (!routes.TryGetValue(route, out var counts))
            {
                routes.Add(route, counts = []);
            }

            counts[windows[(int)reader.GetInt64(1) - 1]] = new(reader.GetInt64(2), reader.GetInt64(3));
        }

        return routes.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<TimeSpan, RequestCount>)pair.Value, StringComparer.Ordinal);
    }

    public Task<IReadOnlyDictionary<string, Budget>> LimitsAsync(CancellationToken cancellationToken) => limits.ReadAsync(cancellationToken);

    public Task<bool> SetLimitAsync(string route, Budget? budget, string actor, string reason, CancellationToken cancellationToken) =>
        limits.SetAsync(route, budget, actor, reason, cancellationToken);

    public Task<IReadOnlyList<BudgetChange>> ChangesAsync(int limit, CancellationToken cancellationToken) => limits.ChangesAsync(limit, cancellationToken);

    public async Task<bool> ClaimAsync(BudgetViolation violation, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var command = open.Command(
            Claim,
            One(violation.Route),
            One(violation.Percentile),
            One(violation.WindowStart.UtcDateTime),
            One(violation.MeasuredMs),
            One(violation.LimitMs),
            One(violation.Requests),
            new NpgsqlParameter { Value = (object?)violation.TraceId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
            One(violation.At.UtcDateTime));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public async Task<IReadOnlyList<BudgetViolation>> ViolationsAsync(DateTimeOffset from, int limit, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var command = open.Command(Violations, One(from.UtcDateTime), One(limit));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<BudgetViolation>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetDouble(3),
                reader.GetDouble(4),
                reader.GetInt64(5),
                await reader.IsDBNullAsync(6, cancellationToken) ? null : reader.GetString(6),
                reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return found;
    }

    private async Task ReadAsync(string? route, DateTimeOffset from, DateTimeOffset to, Action<string, DateTimeOffset, Row> add, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var command = open.Command(
            Read,
            One(from.UtcDateTime),
            One(to.UtcDateTime),
            new NpgsqlParameter { Value = (object?)route ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new Row(reader.GetInt16(2), reader.GetInt64(3), reader.GetInt64(4), QuantileSketch.Decode(reader.GetFieldValue<byte[]>(5)));
            add(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), row);
        }
    }

    private readonly record struct Row(short Minutes, long Failed, long Slow, QuantileSketch Latency);

    private sealed class Sum(string route, DateTimeOffset from, DateTimeOffset to)
    {
        private readonly QuantileSketch _latency = new();
        private long _failed;
        private long _slow;

        public BudgetReading Reading => new(route, from, to, _failed, _slow, _latency);

        public void Add(Row row)
        {
            _latency.Merge(row.Latency);
            _failed += row.Failed;
            _slow += row.Slow;
        }
    }
}
