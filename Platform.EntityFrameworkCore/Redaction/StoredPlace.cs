using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Platform.EntityFrameworkCore.Connections;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>A table whose columns of text or JSON may name persons.</summary>
/// <param name="Name">What exports and results call it.</param>
/// <param name="Table">The table. A context whose model lacks it holds nothing there.</param>
/// <param name="Columns">The columns.</param>
internal sealed record StoredPlace(string Name, string Table, params string[] Columns)
{
    // Events and what became of them; then what operators wrote for others to read.
    public static readonly StoredPlace[] All =
    [
        new("events", "core_outbox_event", "payload", "last_error"),
        new("deferred_events", "core_inbox_deferred", "payload", "last_error"),
        new("dead_letters", "core_dead_letter", "payload", "error", "stack"),
        new("dead_letter_actions", "core_dead_letter_action", "reason"),
        new("jobs", "core_lease", "last_error"),
        new("flag_notes", "core_feature_flag_metadata", "owner", "description", "rollout_plan", "rollout_state", "deployment") { Also = "version = version + 1" },
        new("flag_history", "core_feature_flag_audit", "reason", "before", "after") { OnlyGrows = true },
        new("budget_changes", "core_budget_change", "reason"),
        new("breaker_commands", "core_breaker_command", "reason"),
        new("log_levels", "core_log_level", "reason"),
        new("secret_rotations", "core_secret_rotation", "reason", "error"),
        new("token_revocations", "core_token_revocation", "reason"),
    ];

    /// <summary>Whether only an erasure may change its rows, see <see cref="ErasableHistory"/>.</summary>
    public bool OnlyGrows { get; init; }

    /// <summary>What is set besides, such as the version that entity tags are made of.</summary>
    public string? Also { get; init; }

    /// <summary>The table in a context's model, or null.</summary>
    public StoredTable? In(DbContext context) => context.Model.GetEntityTypes().FirstOrDefault(entity => entity.GetTableName() == Table) is { } table
        ? new StoredTable(
            $"{TableSchema.Quote(table.GetSchema() ?? "public")}.{TableSchema.Quote(Table)}",
            [.. Columns.Select(name => Column(table.GetProperties().Single(property => property.GetColumnName() == name)))])
        : null;

    private static StoredColumn Column(IProperty property) => new(
        TableSchema.Quote(property.GetColumnName()), property.GetColumnName(), property.GetColumnType() is "json" or "jsonb" ? property.GetColumnType() : "text", property.GetMaxLength());
}

/// <summary>The table of a place.</summary>
internal sealed record StoredTable(string Name, StoredColumn[] Columns);

/// <summary>One of its columns.</summary>
internal sealed record StoredColumn(string Quoted, string Name, string Type, int? MaxLength)
{
    public bool IsJson => Type != "text";
}
