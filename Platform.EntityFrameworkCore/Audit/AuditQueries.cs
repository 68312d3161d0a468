using Npgsql;
using NpgsqlTypes;
using Platform.Audit;
using Platform.EntityFrameworkCore.Connections;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>Which entries are wanted; what is null does not narrow.</summary>
/// <param name="Actor">Only those of this actor.</param>
/// <param name="Action">Only this action; one that ends in <c>.*</c> stands for all below.</param>
/// <param name="Target">Only those on this target.</param>
/// <param name="Outcome">Only those that came out like this.</param>
/// <param name="TraceId">Only those of this trace.</param>
/// <param name="From">From then on.</param>
/// <param name="To">Before then.</param>
public sealed record AuditFilter(
    string? Actor = null,
    string? Action = null,
    string? Target = null,
    AuditOutcome? Outcome = null,
    string? TraceId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null);

/// <summary>Reads the audit trail.</summary>
public sealed class AuditQueries
{
    private const int MaxPage = 1000;

    private const string List = $"""
        SELECT {AuditReading.Columns} FROM {"{schema}"}.core_security_audit a {AuditReading.Erasures}
        WHERE ($1::text IS NULL OR a.actor = $1) AND ($2::text IS NULL OR a.action = $2)
          AND ($3::text IS NULL OR starts_with(a.action, $3))
          AND ($4::text IS NULL OR a.target = $4) AND ($5::text IS NULL OR a.outcome = $5) AND ($6::text IS NULL OR a.trace_id = $6)
          AND ($7::timestamptz IS NULL OR a.occurred_at >= $7) AND ($8::timestamptz IS NULL OR a.occurred_at < $8)
          AND ($9::uuid IS NULL OR a.id < $9)
        ORDER BY a.id DESC LIMIT $10
        """;

    private readonly StoreConnections _database;

    internal AuditQueries(StoreConnections database) => _database = database;

    /// <summary>Lists entries, the newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">How many at most, 1 to 1,000.</param>
    /// <param name="before">The id of the last entry that the caller has; from the newest by default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<AuditEntry>> ListAsync(AuditFilter filter, int limit, Guid? before = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        return _database.RunAsync<IReadOnlyList<AuditEntry>>(
            async (connection, cancellation) =>
            {
                var below = filter.Action is { } action && action.EndsWith(".*", StringComparison.Ordinal) ? action[..^1] : null;
                await using var command = new NpgsqlCommand(_database.Sql(List), connection)
                {
                    Parameters =
                    {
                        Nullable(filter.Actor, NpgsqlDbType.Text),
                        Nullable(below is null ? filter.Action : null, NpgsqlDbType.Text),
                        Nullable(below, NpgsqlDbType.Text),
                        Nullable(filter.Target, NpgsqlDbType.Text),
                        Nullable(filter.Outcome?.ToString(), NpgsqlDbType.Text),
                        Nullable(filter.TraceId, NpgsqlDbType.Text),
                        Nullable(filter.From?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                        Nullable(filter.To?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                        Nullable(before, NpgsqlDbType.Uuid),
                        new NpgsqlParameter<int> { TypedValue = limit },
                    },
                };
                List<AuditEntry> entries = [];
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation))
                {
                    entries.Add(AuditReading.Read(reader, 0).Entry);
                }

                return entries;
            },
            cancellationToken);
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
