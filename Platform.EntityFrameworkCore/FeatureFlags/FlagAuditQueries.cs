using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Platform.Errors;
using Platform.FeatureFlags;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>Reads the audit.</summary>
internal sealed class FlagAuditQueries(FlagDatabase database)
{
    private const int MaxLimit = 500;

    private const string Columns = "id, change_id, version, kind, origin, name, action, actor, reason, at, before, after, undoes";

    private const string List = $$"""
        SELECT {{Columns}} FROM {schema}.core_feature_flag_audit
        WHERE ($1 IS NULL OR (version, id) < ((SELECT version FROM {schema}.core_feature_flag_audit WHERE id = $1), $1)) AND ($2 IS NULL OR kind = $2) AND ($3 IS NULL OR name = $3) AND ($4 IS NULL OR change_id = $4)
            AND ($5 IS NULL OR action = $5) AND ($6 IS NULL OR actor = $6)
        ORDER BY version DESC, id DESC LIMIT $7
        """;

    private const string One = $$"""SELECT {{Columns}} FROM {schema}.core_feature_flag_audit WHERE id = $1""";

    private const string OfChange = """
        SELECT kind, origin, name, before, after, position FROM {schema}.core_feature_flag_audit WHERE change_id = $1 OR id = $1 ORDER BY id
        """;

    public async Task<FlagAuditPage> ListAsync(FlagAuditFilter filter, int limit, Guid? after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (limit is < 1 or > MaxLimit)
        {
            throw ErrorException.Validation(new FieldError("/limit", "out_of_range", $"The limit must be between 1 and {MaxLimit}."));
        }

        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(List), open.Connection)
        {
            Parameters =
            {
                Uuid(after),
                Text(filter.Kind is { } kind ? FlagText.Of(kind) : null),
                Text(filter.Name),
                Uuid(filter.ChangeId),
                Text(filter.Action is { } action ? FlagText.Of(action) : null),
                Text(filter.Actor),
                new NpgsqlParameter<int> { TypedValue = limit + 1 },
            },
        };
        var items = await ReadAsync(command, cancellationToken);
        if (items.Count <= limit)
        {
            return new FlagAuditPage(items, null);
        }

        items.RemoveAt(limit);
        return new FlagAuditPage(items, items[^1].Id);
    }

    public async Task<FlagAuditEntry?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(One), open.Connection) { Parameters = { Uuid(id) } };
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    public async Task<List<(FlagKey Key, string? Before, string? After, long Position)>> OfChangeAsync(
        NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        List<(FlagKey, string?, string?, long)> entries = [];
        await using var command = new NpgsqlCommand(database.Sql(OfChange), connection) { Parameters = { Uuid(id) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add((
                FlagText.Key(reader.GetString(0), reader.GetString(1), reader.GetString(2)),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetInt64(5)));
        }

        return entries;
    }

    private static async Task<List<FlagAuditEntry>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        List<FlagAuditEntry> entries = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new FlagAuditEntry(
                reader.GetGuid(0),
                reader.GetGuid(1),
                reader.GetInt64(2),
                FlagText.Key(reader.GetString(3), reader.GetString(4), reader.GetString(5)),
                FlagText.Action(reader.GetString(6)),
                new FlagAuthor(reader.GetString(7), reader.GetString(8)),
                reader.GetFieldValue<DateTimeOffset>(9),
                reader.IsDBNull(10) ? null : JsonElement.Parse(reader.GetString(10)),
                reader.IsDBNull(11) ? null : JsonElement.Parse(reader.GetString(11)),
                reader.IsDBNull(12) ? null : reader.GetGuid(12)));
        }

        return entries;
    }

    private static NpgsqlParameter Uuid(Guid? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };
}
