using Npgsql;
using NpgsqlTypes;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Plans;

namespace Platform.EntityFrameworkCore.FeatureFlags.Plans;

/// <summary>Notices which flags nobody needs any more, and what they did.</summary>
internal sealed class FlagHygiene(FlagDatabase database, FlagReads reads, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const string Mark = """
        INSERT INTO {schema}.core_feature_flag_metadata AS m (name, evaluations, last_evaluated_at, created_at, changed_at)
        SELECT n, e, $3, $3, $3 FROM unnest($1, $2) AS t (n, e)
        ON CONFLICT (name) DO UPDATE
        SET last_evaluated_at = greatest(m.last_evaluated_at, EXCLUDED.last_evaluated_at), evaluations = m.evaluations + EXCLUDED.evaluations
        """;

    // Every flag has a row, so that one that was never asked has a beginning to count from.
    private const string NoteAll = """
        INSERT INTO {schema}.core_feature_flag_metadata AS m (name, fully_on_since, created_at, changed_at)
        SELECT n, CASE WHEN f THEN $3 END, $3, $3 FROM unnest($1, $2) AS t (n, f)
        ON CONFLICT (name) DO UPDATE SET fully_on_since = CASE WHEN EXCLUDED.fully_on_since IS NULL THEN NULL ELSE coalesce(m.fully_on_since, $3) END
        WHERE (m.fully_on_since IS NULL) <> (EXCLUDED.fully_on_since IS NULL)
        """;

    private const string Forget = "DELETE FROM {schema}.core_feature_flag_outcome WHERE at < $1";

    private const string SelectStale = """
        SELECT m.name, m.owner, m.expires_at, m.fully_on_since, coalesce(m.last_evaluated_at, m.created_at)
        FROM {schema}.core_feature_flag_metadata m
        WHERE EXISTS (SELECT 1 FROM {schema}.core_feature_flag f WHERE f.kind = 'flag' AND f.name = m.name)
          AND (m.expires_at <= $2 OR m.fully_on_since <= $1 OR coalesce(m.last_evaluated_at, m.created_at) <= $1)
        ORDER BY m.name LIMIT 10000
        """;

    private const string SelectEvaluations = "SELECT evaluations FROM {schema}.core_feature_flag_metadata WHERE name = $1";

    private const string SelectImpact = """
        SELECT o.endpoint, o.arm, sum(o.total)::bigint, sum(o.errors)::bigint,
               ARRAY(SELECT sum(d)::bigint FROM {schema}.core_feature_flag_outcome p, unnest(p.durations) WITH ORDINALITY AS u (d, i)
                     WHERE p.flag = $1 AND p.endpoint = o.endpoint AND p.arm = o.arm GROUP BY i ORDER BY i)
        FROM {schema}.core_feature_flag_outcome o WHERE o.flag = $1
        GROUP BY o.endpoint, o.arm ORDER BY o.endpoint, o.arm LIMIT 1000
        """;

    public async Task MarkEvaluatedAsync(NpgsqlConnection connection, IReadOnlyDictionary<string, long> flags, CancellationToken cancellationToken)
    {
        // In one order, so that two processes do not wait for each other.
        KeyValuePair<string, long>[] asked = [.. flags.OrderBy(flag => flag.Key, StringComparer.Ordinal)];
        await using var command = new NpgsqlCommand(database.Sql(Mark), connection)
        {
            Parameters =
            {
                Texts(asked.Select(flag => flag.Key)),
                new NpgsqlParameter { Value = asked.Select(flag => flag.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                Value(time.GetUtcNow()),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Notes which flags are on for everybody, and forgets counts that are old.</summary>
    public async Task NoteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var stored = await reads.ReadAsync(connection, reads.Latest, cancellationToken);
        FlagDefinition[] flags = [.. stored.Document.Flags.OrderBy(flag => flag.Name, StringComparer.Ordinal)];
        await using var batch = new NpgsqlBatch(connection);
        var note = new NpgsqlBatchCommand(database.Sql(NoteAll));
        note.Parameters.Add(Texts(flags.Select(flag => flag.Name)));
        note.Parameters.Add(new NpgsqlParameter { Value = flags.Select(IsFullyOn).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean });
        note.Parameters.Add(Value(time.GetUtcNow()));
        batch.BatchCommands.Add(note);
        var forget = new NpgsqlBatchCommand(database.Sql(Forget));
        forget.Parameters.Add(Value(time.GetUtcNow() - Kept));
        batch.BatchCommands.Add(forget);
        var forgetCallers = new NpgsqlBatchCommand(database.Sql(FlagCallers.Forget));
        forgetCallers.Parameters.Add(Value(time.GetUtcNow() - Kept));
        batch.BatchCommands.Add(forgetCallers);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<StaleFlag>> FindStaleAsync(NpgsqlConnection connection, TimeSpan after, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var limit = now - after;
        await using var command = new NpgsqlCommand(database.Sql(SelectStale), connection) { Parameters = { Value(limit), Value(now) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<StaleFlag> stale = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            var (name, owner) = (reader.GetString(0), reader.GetString(1));
            Add(StaleReason.Expired, At(2), now);
            Add(StaleReason.FullyOn, At(3), limit);
            Add(StaleReason.NotEvaluated, At(4), limit);

            void Add(StaleReason reason, DateTimeOffset? since, DateTimeOffset latest)
            {
                if (since <= latest)
                {
                    stale.Add(new StaleFlag(name, owner, reason, since.Value));
                }
            }
        }

        return stale;

        DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    public async Task<IReadOnlyList<FlagImpact>> MeasureAsync(NpgsqlConnection connection, string flag, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(database.Sql(SelectImpact), connection) { Parameters = { Value(flag) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<FlagImpact> impact = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            impact.Add(new FlagImpact(
                reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), P95(reader.GetFieldValue<long[]>(4))));
        }

        return impact;
    }

    public async Task<long> CountEvaluationsAsync(NpgsqlConnection connection, string flag, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(database.Sql(SelectEvaluations), connection) { Parameters = { Value(flag) } };
        return await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
    }

    private static int? P95(long[] durations)
    {
        var wanted = Math.Ceiling(durations.Sum() * 0.95);
        long sum = 0;
        for (var i = 0; i < Math.Min(durations.Length, LatencyBounds.Milliseconds.Count); i++)
        {
            sum += durations[i];
            if (sum >= wanted)
            {
                return LatencyBounds.Milliseconds[i];
            }
        }

        return null;
    }

    private static bool IsFullyOn(FlagDefinition flag) =>
        flag is { Killed: false, Origin: FlagOrigin.Own or FlagOrigin.Waffle } && flag.Windows.Count == 0 && flag.Prerequisites.Count == 0 && flag.Exclusion is null
        && (flag.Everyone == true || (flag is { Everyone: null, Percent: >= 100 } && !flag.Rules.Any(rule => !rule.Serve)));

    private static NpgsqlParameter Texts(IEnumerable<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
