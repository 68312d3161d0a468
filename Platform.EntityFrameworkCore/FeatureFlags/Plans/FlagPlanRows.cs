using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Plans;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.FeatureFlags.Plans;

/// <summary>Reads and writes rows of <c>core_feature_flag_metadata</c>.</summary>
internal sealed class FlagPlanRows(FlagDatabase database, TimeProvider time)
{
    private const string Columns = """
        m.name, m.owner, m.description, m.ticket, m.expires_at, m.deployment, m.rollout_plan, m.rollout_state, m.last_evaluated_at, m.fully_on_since, m.version
        """;

    private const string Select = $"SELECT {Columns} FROM {"{schema}"}.core_feature_flag_metadata m WHERE m.name = $1";

    // Plans do not wait for one another: one that another process holds is left to it.
    private const string SelectDue = $"""
        SELECT {Columns} FROM {"{schema}"}.core_feature_flag_metadata m
        WHERE m.next_check_at <= $1 ORDER BY m.next_check_at LIMIT 1 FOR UPDATE SKIP LOCKED
        """;

    private const string Ensure = """
        INSERT INTO {schema}.core_feature_flag_metadata (name, created_at, changed_at) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING
        """;

    private const string UpdateMetadata = """
        UPDATE {schema}.core_feature_flag_metadata
        SET owner = $2, description = $3, ticket = $4, expires_at = $5, deployment = $6::json, version = version + 1, changed_at = $7 WHERE name = $1
        """;

    private const string UpdatePlan = """
        UPDATE {schema}.core_feature_flag_metadata
        SET rollout_plan = $2::json, rollout_state = $3::json, rollout_status = $4, rollout_stage = $5, stage_started_at = $6, next_check_at = $7,
            version = version + 1, changed_at = $8
        WHERE name = $1
        """;

    /// <summary>Reads a row; of a flag that nobody said anything of, an empty one.</summary>
    public async Task<FlagRecord> ReadAsync(NpgsqlConnection connection, string flag, bool locks, CancellationToken cancellationToken)
    {
        if (locks)
        {
            await ExecuteAsync(connection, Ensure, cancellationToken, Value(flag), Value(time.GetUtcNow()));
        }

        await using var command = new NpgsqlCommand(database.Sql(locks ? $"{Select} FOR UPDATE" : Select), connection) { Parameters = { Value(flag) } };
        return await OneAsync(command, cancellationToken) ?? new FlagRecord(flag, new FlagMetadata(), null, new RolloutState(), null, null, 0);
    }

    /// <summary>Locks the plan that has waited longest of those that are due; null where none is.</summary>
    public async Task<FlagRecord?> NextDueAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(database.Sql(SelectDue), connection) { Parameters = { Value(time.GetUtcNow()) } };
        return await OneAsync(command, cancellationToken);
    }

    public Task SetMetadataAsync(NpgsqlConnection connection, string flag, FlagMetadata metadata, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        UpdateMetadata,
        cancellationToken,
        Value(flag),
        Value(metadata.Owner),
        Value(metadata.Description),
        Value(metadata.Ticket),
        Time(metadata.ExpiresAt),
        Text(metadata.Deployment?.GetRawText()),
        Value(time.GetUtcNow()));

    public Task SetPlanAsync(
        NpgsqlConnection connection, string flag, RolloutPlan? plan, RolloutState state, DateTimeOffset? nextCheckAt, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            UpdatePlan,
            cancellationToken,
            Value(flag),
            Text(plan is null ? null : JsonSerializer.Serialize(plan, FlagJson.Options)),
            Text(JsonSerializer.Serialize(state, FlagJson.Options)),
            Value(StatusText(state.Status)),
            new NpgsqlParameter { Value = (object?)state.Stage ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
            Time(state.StageStartedAt),
            Time(nextCheckAt),
            Value(time.GetUtcNow()));

    private static async Task<FlagRecord?> OneAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var metadata = new FlagMetadata
        {
            Owner = reader.GetString(1),
            Description = reader.GetString(2),
            Ticket = reader.GetString(3),
            ExpiresAt = At(reader, 4),
            Deployment = reader.IsDBNull(5) ? null : JsonElement.Parse(reader.GetString(5)),
        };
        return new FlagRecord(
            reader.GetString(0), metadata, Json<RolloutPlan>(reader, 6), Json<RolloutState>(reader, 7) ?? new RolloutState(), At(reader, 8), At(reader, 9), reader.GetInt64(10));
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(database.Sql(statement), connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string StatusText(RolloutStatus status) => status switch
    {
        RolloutStatus.Running => "running",
        RolloutStatus.Paused => "paused",
        RolloutStatus.RolledBack => "rolled_back",
        RolloutStatus.Completed => "completed",
        _ => "idle",
    };

    private static T? Json<T>(NpgsqlDataReader reader, int column)
        where T : class => reader.IsDBNull(column) ? null : JsonSerializer.Deserialize<T>(reader.GetString(column), FlagJson.Options);

    private static DateTimeOffset? At(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter Time(DateTimeOffset? value) =>
        new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
