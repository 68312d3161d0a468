using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using Platform.Redaction.Subjects;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Copies of a person's data in the rows of a table: in JSON and in text.</summary>
/// <remarks>Rows are found by the id and by what names the person, which reads the table once; retention keeps it small.</remarks>
internal sealed class StoredCopies<TContext>(TContext context, StoredPlace place) : ISubjectData
    where TContext : DbContext
{
    private const int Batch = 500;
    private const int MostExported = 10_000;

    private StoredTable? _table;

    public string Name => place.Name;

    private StoredTable? Table => _table ??= place.In(context);

    public async Task<JsonNode?> ExportAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var found = new JsonArray();
        await foreach (var row in RowsAsync(subject, MostExported, hold: false, cancellationToken))
        {
            var copy = new JsonObject();
            foreach (var (i, column) in Table!.Columns.Index())
            {
                copy[column.Name] = row.Values[i] is { } value && column.IsJson ? JsonNode.Parse(value) : JsonValue.Create(row.Values[i]);
            }

            found.Add(copy);
        }

        return found.Count > 0 ? found : null;
    }

    public async Task<int> EraseAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var changed = 0;
        await foreach (var row in RowsAsync(subject, int.MaxValue, hold: true, cancellationToken))
        {
            var erased = row.Values.Select((value, i) => Erased(value, Table!.Columns[i], subject)).ToArray();
            if (erased.AsSpan().SequenceEqual(row.Values))
            {
                continue;
            }

            if (changed == 0 && place.OnlyGrows)
            {
                await using var allow = Command(ErasableHistory.Allow);
                await allow.ExecuteNonQueryAsync(cancellationToken);
            }

            var sets = Table!.Columns.Select((column, i) => $"{column.Quoted} = ${i + 2}::{column.Type}");
            await using var update = Command($"UPDATE {Table.Name} SET {string.Join(", ", place.Also is null ? sets : sets.Append(place.Also))} WHERE ctid = $1::tid");
            update.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Id });
            foreach (var value in erased)
            {
                update.Parameters.Add(new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            }

            changed += await update.ExecuteNonQueryAsync(cancellationToken);
        }

        return changed;
    }

    private static string? Erased(string? value, StoredColumn column, DataSubject subject)
    {
        if (value is null || !column.IsJson)
        {
            var text = value is null ? null : SubjectText.Erase(value, subject);
            return text?.Length > column.MaxLength ? text[..column.MaxLength.Value] : text;
        }

        var json = JsonNode.Parse(value, documentOptions: new JsonDocumentOptions { MaxDepth = 512 });
        return SubjectText.Erase(json, subject) ? json!.ToJsonString() : value;
    }

    // Page by page in the order of the table. What is updated comes again at its end, and then needs no change.
    private async IAsyncEnumerable<StoredRow> RowsAsync(
        DataSubject subject, int most, bool hold, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var patterns = SubjectSpellings.Patterns(subject);
        var after = "(0,0)";
        while (most > 0 && Table is { } table)
        {
            List<StoredRow> rows = [];
            await using (var select = Command(
                $"""
                SELECT ctid::text, {string.Join(", ", table.Columns.Select(column => column.Quoted + "::text"))} FROM {table.Name}
                WHERE ctid > $1::tid AND ({string.Join(" OR ", table.Columns.Select(column => $"{column.Quoted}::text ILIKE ANY ($2)"))})
                ORDER BY ctid LIMIT {Batch} {(hold ? "FOR UPDATE" : "")}
                """))
            {
                select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after });
                select.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = patterns });
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(new StoredRow(reader.GetString(0), [.. Enumerable.Range(1, table.Columns.Length).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]));
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

    private NpgsqlCommand Command(string statement) =>
        new(statement, (NpgsqlConnection)context.Database.GetDbConnection(), (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction());

    private sealed record StoredRow(string Id, string?[] Values);
}
