using Npgsql;
using NpgsqlTypes;
using Platform.FeatureFlags.Plans;

namespace Platform.EntityFrameworkCore.FeatureFlags.Plans;

/// <summary>Callers of the stages that plans are at, each once, in <c>core_feature_flag_caller</c>.</summary>
internal sealed class FlagCallers(FlagDatabase database)
{
    /// <summary>With so many of a stage no more are taken: enough to see that a share of 5 percent is off by a tenth.</summary>
    public const int Most = 20_000;

    // In one order, so that two processes do not wait for each other.
    private const string Insert = """
        INSERT INTO {schema}.core_feature_flag_caller (flag, since, caller, arm)
        SELECT * FROM unnest($1, $2, $3, $4) AS t (flag, since, caller, arm) ORDER BY flag, since, caller ON CONFLICT DO NOTHING
        """;

    private const string Count = """
        SELECT c.arm, count(*) FROM {schema}.core_feature_flag_caller c
        JOIN {schema}.core_feature_flag_metadata m ON m.name = c.flag AND m.stage_started_at = c.since
        WHERE c.flag = $1 GROUP BY c.arm
        """;

    /// <summary>Removes those of stages that are over.</summary>
    public const string Forget = """
        DELETE FROM {schema}.core_feature_flag_caller c
        WHERE c.since < $1
           OR NOT EXISTS (SELECT 1 FROM {schema}.core_feature_flag_metadata m WHERE m.name = c.flag AND m.stage_started_at = c.since)
        """;

    public async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<FlagCaller> callers, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(database.Sql(Insert), connection)
        {
            Parameters =
            {
                Array(callers.Select(caller => caller.Flag), NpgsqlDbType.Text),
                Array(callers.Select(caller => caller.Since.ToUniversalTime()), NpgsqlDbType.TimestampTz),
                Array(callers.Select(caller => caller.Caller), NpgsqlDbType.Bigint),
                Array(callers.Select(caller => caller.Arm), NpgsqlDbType.Text),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How many came in the stage that the flag's plan is at, by answer.</summary>
    public async Task<Dictionary<string, long>> CountAsync(NpgsqlConnection connection, string flag, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(database.Sql(Count), connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = flag } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<string, long> callers = new(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            callers.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return callers;
    }

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
