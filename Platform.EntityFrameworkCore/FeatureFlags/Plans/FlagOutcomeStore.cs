using Npgsql;
using NpgsqlTypes;
using Platform.FeatureFlags.Plans;

namespace Platform.EntityFrameworkCore.FeatureFlags.Plans;

/// <summary>What hosts counted, in <c>core_feature_flag_outcome</c>: added by every host, read by guards.</summary>
internal sealed class FlagOutcomeStore(FlagDatabase database, FlagHygiene hygiene, TimeProvider time) : IFlagOutcomes, IGuardSource
{
    private const string SelectWatched = """
        SELECT m.name, e.endpoint
        FROM {schema}.core_feature_flag_metadata m,
             json_array_elements(m.rollout_plan -> 'guards') g, json_array_elements_text(g -> 'endpoints') e (endpoint)
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
        List<(string Flag, string Endpoint)> watched = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            watched.Add((reader.GetString(0), reader.GetString(1)));
        }

        return [.. watched.GroupBy(entry => entry.Flag, entry => entry.Endpoint, StringComparer.Ordinal)
            .Select(group => new WatchedFlag(group.Key, [.. group.Distinct(StringComparer.Ordinal)]))];
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

    public async Task MarkEvaluatedAsync(IReadOnlyCollection<string> flags, CancellationToken cancellationToken = default)
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
