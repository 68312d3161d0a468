using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Idempotency;
using Platform.Redaction.Subjects;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Copies of a person's data in answers that are kept for repeated requests.</summary>
internal sealed class IdempotentAnswers<TContext>(TContext context) : ISubjectData
    where TContext : DbContext
{
    private const string Select = """
        SELECT client, key, answered_at, body FROM {schema}.core_idempotency_key
        WHERE (client, key) > ($2, $3) AND EXISTS (SELECT 1 FROM unnest($1::bytea[]) needle WHERE position(needle IN body) > 0)
        ORDER BY client, key LIMIT 500
        """;

    private const string Hold = " FOR UPDATE";

    private const string Update = "UPDATE {schema}.core_idempotency_key SET body = $3 WHERE client = $1 AND key = $2";

    private const string Delete = "DELETE FROM {schema}.core_idempotency_key WHERE client = $1 AND key = $2";

    public string Name => "answers";

    public async Task<JsonNode?> ExportAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var found = new JsonArray();
        await foreach (var answer in AnswersAsync(subject, hold: false, cancellationToken))
        {
            found.Add(new JsonObject { ["key"] = answer.Key, ["answeredAt"] = answer.At, ["body"] = Parse(answer.Body) ?? Encoding.UTF8.GetString(answer.Body) });
        }

        return found.Count > 0 ? found : null;
    }

    // An answer that is not JSON cannot be repeated without the person, so it goes: then the request is a new one.
    public async Task<int> EraseAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var changed = 0;
        await foreach (var answer in AnswersAsync(subject, hold: true, cancellationToken))
        {
            var json = Parse(answer.Body);
            if (json is not null && !SubjectText.Erase(json, subject))
            {
                continue;
            }

            await using var command = Command(json is null ? Delete : Update);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = answer.Client });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = answer.Key });
            if (json is not null)
            {
                command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = JsonSerializer.SerializeToUtf8Bytes(json) });
            }

            changed += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return changed;
    }

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { MaxDepth = 512 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async IAsyncEnumerable<StoredAnswerRow> AnswersAsync(
        DataSubject subject, bool hold, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[][] needles = [.. SubjectSpellings.Of(subject).Select(Encoding.UTF8.GetBytes)];
        var (client, key) = ("", "");
        while (true)
        {
            List<StoredAnswerRow> rows = [];
            await using (var select = Command(hold ? Select + Hold : Select))
            {
                select.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = needles });
                select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = client });
                select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<byte[]>(3)));
                }
            }

            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Count == 0)
            {
                yield break;
            }

            (client, key) = (rows[^1].Client, rows[^1].Key);
        }
    }

    private NpgsqlCommand Command(string statement) => new(
        TableSchema.Of(context, typeof(IdempotencyRecord)).Sql(statement),
        (NpgsqlConnection)context.Database.GetDbConnection(),
        (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction());

    private sealed record StoredAnswerRow(string Client, string Key, DateTimeOffset At, byte[] Body);
}
