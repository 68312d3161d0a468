using Npgsql;
using NpgsqlTypes;
using Platform.FeatureFlags.Plans;

namespace Platform.EntityFrameworkCore.FeatureFlags.Plans;

/// <summary>What hosts counted, in <c>core_feature_flag_outcome</c>: added by every host, read by guards.</summary>
internal sealed class FlagOutcomeStore(FlagDatabase database, FlagHygiene hygiene, FlagCallers callers, TimeProvider time) : IFlagOutcomes, IGuardSource
{
    // Callers are counted while a share decides about them, and as long as there is room.
    private static readonly string SelectWatched = $$"""
        SELECT m.name, e.endpoint, s.since, s.percent
        FROM {schema}.core_feature_flag_metadata m
        CROSS JOIN json_array_elements(m.rollout_plan -> 'guards') g CROSS JOIN json_array_elements_text(g -> 'endpoints') e (endpoint)
        LEFT JOIN LATERAL (
            SELECT m.stage_started_at AS since, (m.rollout_plan -> 'stages' -> m.rollout_stage ->> 'percent')::numeric AS percent
            WHERE m.rollout_status = 'running' AND NOT EXISTS (
                SELECT 1 FROM {schema}.core_feature_flag_caller c WHERE c.flag = m.name AND c.since = m.stage_started_at
                OFFSET {{FlagCallers.Most - 1}} LIMIT 1)) s ON s.percent > 0 AND s.percent < 100
        WHERE m.rollout_status IN ('running', 'paused') AND m.rollout_plan IS NOT NULL
        """;

    private const string Insert = """
        INSERT INTO {schema}.core_feature_flag_outcome (flag, endpoint, arm, at, total, errors, durations) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    // The percentile's bad answers are those in the bounds above its limit; arrays count from 1.
    private const string SelectWindows = """
        SELECT w.at, sum(w.total) FILTER (WHERE NOT w.has)::bigint, sum(w.bad) FILTER (WHERE NOT w.has)::bigint,
               sum(w.total) FILTER (WHERE w.has)::bigint, sum(w.bad) FILTER (WHERE w.has)::bigint
        FROM (
            SELECT date_bin('5 seconds', o.at, '2000-01-01Z') AS at, o.arm <> 'off' AS has, o.total,
                   CASE WHEN $5 < 0 THEN o.errors ELSE (SELECT coalesce(sum(d), 0) FROM unnest(o.durations[$5 + 2 :]) d) END AS bad
            FROM {schema}.core_feature_flag_outcome o
            WHERE o.flag = $1 AND o.endpoint = ANY ($2) AND o.at > $3 AND o.at <= $4) w
        GROUP BY w.at ORDER BY w.at
        """;

    public async Task<IReadOnlyList<WatchedFlag>> ReadWatchedAsync(CancellationToken cancellationToken = default)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(SelectWatched), open.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(string Flag, string Endpoint, CallerSampling? Sampling)> watched = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            watched.Add((
                reader.GetString(0),
                reader.GetString(1),
                reader.IsDBNull(2) ? null : new CallerSampling(reader.GetFieldValue<DateTimeOffset>(2), reader.GetDecimal(3))));
        }

        return [.. watched.GroupBy(entry => entry.Flag, StringComparer.Ordinal)
            .Select(group => new WatchedFlag(
                group.Key, [.. group.Select(entry => entry.Endpoint).Distinct(StringComparer.Ordinal)], group.First().Sampling))];
    }

    public async Task AddAsync(IReadOnlyList<FlagOutcome> outcomes, CancellationToken cancellationToken = default)
    {
        if (outcomes.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        await using var open = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection);
        foreach (var outcome in outcomes)
        {
            var command = new NpgsqlBatchCommand(database.Sql(Insert));
            command.Parameters.Add(Value(outcome.Flag));
            command.Parameters.Add(Value(outcome.Endpoint));
            command.Parameters.Add(Value(outcome.Arm));
            command.Parameters.Add(Value(now));
            command.Parameters.Add(Value(outcome.Total));
            command.Parameters.Add(Value(outcome.Errors));
            command.Parameters.Add(new NpgsqlParameter { Value = outcome.Durations.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task AddCallersAsync(IReadOnlyList<FlagCaller> added, CancellationToken cancellationToken = default)
    {
        if (added.Count > 0)
        {
            await using var open = await database.OpenAsync(cancellationToken);
            await callers.AddAsync(open.Connection, added, cancellationToken);
        }
    }

    public async Task MarkEvaluatedAsync(IReadOnlyDictionary<string, long> flags, CancellationToken cancellationToken = default)
    {
        if (flags.Count > 0)
        {
            await using var open = await database.OpenAsync(cancellationToken);
            await hygiene.MarkEvaluatedAsync(open.Connection, flags, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<GuardWindow>> ReadAsync(
        string flag, GuardCondition guard, DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(SelectWindows), open.Connection)
        {
            Parameters =
            {
                Value(flag),
                new NpgsqlParameter { Value = guard.Endpoints.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                Value(after.ToUniversalTime()),
                Value(until.ToUniversalTime()),
                Value(guard.Kind == GuardKind.P95 ? LatencyBounds.IndexOf(guard.Limit ?? 0) : -1),
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<GuardWindow> windows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            windows.Add(new GuardWindow(reader.GetFieldValue<DateTimeOffset>(0), Counts(reader, 1), Counts(reader, 3)));
        }

        return windows;
    }

    private static GuardCounts Counts(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? default : new(reader.GetInt64(column), reader.GetInt64(column + 1));

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
