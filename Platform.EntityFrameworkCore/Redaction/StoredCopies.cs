using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Messaging.Tables;
using Platform.Redaction.Subjects;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Copies of a person's data in the rows of a table of messaging: in JSON and in text.</summary>
/// <remarks>Rows are found by the id and by what names the person, which reads the table once; retention keeps it small.</remarks>
internal sealed class StoredCopies<TContext>(TContext context, StoredPlace place) : ISubjectData
    where TContext : DbContext
{
    private const int Batch = 500;
    private const int MostExported = 10_000;

    public string Name => place.Name;

    public async Task<JsonNode?> ExportAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var found = new JsonArray();
        await foreach (var row in RowsAsync(subject, MostExported, cancellationToken))
        {
            var copy = new JsonObject();
            for (var i = 0; i < place.Columns.Length; i++)
            {
                copy[place.Columns[i].Name] = row.Values[i] is { } value && place.Columns[i].IsJson ? JsonNode.Parse(value) : JsonValue.Create(row.Values[i]);
            }

            found.Add(copy);
        }

        return found.Count > 0 ? found : null;
    }

    public async Task<int> EraseAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var changed = 0;
        await foreach (var row in RowsAsync(subject, int.MaxValue, cancellationToken))
        {
            var erased = row.Values.Select((value, i) => Erased(value, place.Columns[i].IsJson, subject)).ToArray();
            if (erased.AsSpan().SequenceEqual(row.Values))
            {
                continue;
            }

            await using var update = Command(
                $"UPDATE {Table()} SET {string.Join(", ", place.Columns.Select((column, i) => $"{column.Name} = ${i + 2}::{column.Type}"))} WHERE ctid = $1::tid");
            update.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Id });
            foreach (var value in erased)
            {
                update.Parameters.Add(new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            }

            changed += await update.ExecuteNonQueryAsync(cancellationToken);
        }

        return changed;
    }

    private static string? Erased(string? value, bool isJson, DataSubject subject)
    {
        if (value is null || !isJson)
        {
            return value is null ? null : SubjectText.Erase(value, subject);
        }

        var json = JsonNode.Parse(value, documentOptions: new JsonDocumentOptions { MaxDepth = 512 });
        return SubjectText.Erase(json, subject) ? json!.ToJsonString() : value;
    }

    // Page by page in the order of the table. What is updated comes again at its end, and then needs no change.
    private async IAsyncEnumerable<StoredRow> RowsAsync(
        DataSubject subject, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var patterns = Patterns(subject);
        var after = "(0,0)";
        while (most > 0)
        {
            List<StoredRow> rows = [];
            await using (var select = Command(
                $"""
                SELECT ctid::text, {string.Join(", ", place.Columns.Select(column => column.Name + "::text"))} FROM {Table()}
                WHERE ctid > $1::tid AND ({string.Join(" OR ", place.Columns.Select(column => $"{column.Name}::text ILIKE ANY ($2)"))})
                ORDER BY ctid LIMIT {Batch} FOR UPDATE
                """))
            {
                select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after });
                select.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = patterns });
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(new StoredRow(reader.GetString(0), [.. Enumerable.Range(1, place.Columns.Length).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]));
                }
            }

            foreach (var row in rows.Take(most))
            {
                yield return row;
            }

            if (rows.Count < Batch)
            {
                yield break;
            }

            most -= rows.Count;
            after = rows[^1].Id;
        }
    }

    // In JSON a quote and a backslash have a backslash before them.
    private static string[] Patterns(DataSubject subject) =>
    [
        .. SubjectText.Identifiers(subject).Append(subject.Id.ToString("D"))
            .SelectMany(text => new[] { text, text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) })
            .Distinct(StringComparer.Ordinal)
            .Select(text => $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%"),
    ];

    private string Table() => $"{TableSchema.Of(context, typeof(OutboxEvent)).Quoted}.{place.Table}";

    private NpgsqlCommand Command(string statement) =>
        new(statement, (NpgsqlConnection)context.Database.GetDbConnection(), (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction());

    private sealed record StoredRow(string Id, string?[] Values);
}

/// <summary>A table that may hold copies of personal data.</summary>
internal sealed record StoredPlace(string Name, string Table, params StoredColumn[] Columns)
{
    public static readonly StoredPlace[] OfMessaging =
    [
        new("events", "core_outbox_event", StoredColumn.Json("payload"), StoredColumn.Text("last_error")),
        new("deferred_events", "core_inbox_deferred", StoredColumn.Json("payload"), StoredColumn.Text("last_error")),
        new("dead_letters", "core_dead_letter", StoredColumn.Json("payload"), StoredColumn.Text("error"), StoredColumn.Text("stack")),
        new("dead_letter_actions", "core_dead_letter_action", StoredColumn.Text("reason")),
    ];
}

/// <summary>One of its columns.</summary>
internal sealed record StoredColumn(string Name, string Type, bool IsJson)
{
    public static StoredColumn Json(string name) => new(name, "jsonb", IsJson: true);

    public static StoredColumn Text(string name) => new(name, "text", IsJson: false);
}
