using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.Logging;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Logging;

/// <summary>The levels in PostgreSQL: one row a category, which counts until it is over.</summary>
internal sealed class LogLevelStore(StoreConnections connections) : ILogLevelStore
{
    private const string Read = """
        SELECT category, level, until, actor, reason, at FROM {schema}.core_log_level WHERE until > now() ORDER BY category LIMIT 1000
        """;

    private const string Set = """
        INSERT INTO {schema}.core_log_level (category, level, until, actor, reason, at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (category) DO UPDATE
        SET level = excluded.level, until = excluded.until, actor = excluded.actor, reason = excluded.reason, at = excluded.at
        """;

    private const string Unset = "DELETE FROM {schema}.core_log_level WHERE category = $1 AND until > now()";

    private const string Forget = "DELETE FROM {schema}.core_log_level WHERE until < now()";

    public async Task<IReadOnlyList<LogLevelRule>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var read = open.Command(Read);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var rules = new List<LogLevelRule>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rules.Add(new(
                reader.GetString(0),
                (LogLevel)reader.GetInt16(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return rules;
    }

    public async Task SetAsync(LogLevelRule rule, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection);
        batch.BatchCommands.Add(open.Part(Forget));
        batch.BatchCommands.Add(open.Part(
            Set, One(rule.Category), One((short)rule.Level), One(rule.Until.UtcDateTime), One(rule.Actor), One(rule.Reason), One(rule.At.UtcDateTime)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<bool> UnsetAsync(string category, CancellationToken cancellationToken)
    {
        await using var open = await connections.OpenAsync(cancellationToken);
        await using var unset = open.Command(Unset, One(category));
        return await unset.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
