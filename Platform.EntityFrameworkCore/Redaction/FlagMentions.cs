using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.EntityFrameworkCore.FeatureFlags;
using Platform.FeatureFlags;
using Platform.Redaction.Masking;
using Platform.Redaction.Subjects;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Feature flags that name a person: among the users that they are on for, or in a note.</summary>
/// <remarks>They are changed as an operator would change them, so that all hosts take it up; their history is a <see cref="StoredPlace"/>, erased after this.</remarks>
internal sealed class FlagMentions<TContext>(TContext context, FlagReads reads, FlagWriter writer) : ISubjectData
    where TContext : DbContext
{
    private const string Author = "subjects.erase";

    public string Name => "flags";

    public async Task<JsonNode?> ExportAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var stored = await reads.ReadAsync(Connection, reads.Latest, cancellationToken);
        var found = stored.Items.Select(item => (item.Key, Json: JsonNode.Parse(item.Json))).Where(item => Erase(item.Json?.DeepClone(), subject)).ToList();
        return found.Count > 0 ? new JsonArray([.. found.Select(item => new JsonObject { ["name"] = item.Key.Name, ["definition"] = item.Json })]) : null;
    }

    public async Task<int> EraseAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        if (!SubjectText.Identifiers(subject).Any())
        {
            return 0;
        }

        var edit = new FlagEdit(new FlagAuthor(Author, $"Erased {subject}."), document => Without(document, subject)) { KeepsUnreadable = true };
        return (await writer.EditAsync(Connection, edit, cancellationToken)).Entries.Count;
    }

    private NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();

    private static FlagDocument Without(FlagDocument document, DataSubject subject)
    {
        foreach (var (key, definition) in document.Items())
        {
            var json = JsonNode.Parse(FlagItem.Text(definition));
            if (!Erase(json, subject))
            {
                continue;
            }

            var left = new FlagItem(key, 0, 0, json!.ToJsonString()).Definition;
            document = key.Kind == FlagItemKind.Envelope
                ? document with { Envelopes = new Dictionary<string, System.Text.Json.JsonElement>(document.Envelopes, StringComparer.Ordinal) { [key.Name] = (System.Text.Json.JsonElement)left } }
                : document.With(left);
        }

        return document;
    }

    // Whoever stood in a list by that alone does not stand there any more. A name of a flag is not a person's, and is what the program asks by.
    private static bool Erase(JsonNode? node, DataSubject subject)
    {
        var name = (node as JsonObject)?["name"]?.DeepClone();
        if (!SubjectText.Erase(node, subject))
        {
            return false;
        }

        RemoveErased(node);
        if (name is not null)
        {
            node!["name"] = name;
        }

        return true;
    }

    private static void RemoveErased(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            for (var i = items.Count - 1; i >= 0; i--)
            {
                if (items[i] is JsonValue value && value.TryGetValue<string>(out var text) && text == Mask.Erased)
                {
                    items.RemoveAt(i);
                }
            }
        }

        foreach (var child in node switch { JsonArray list => [.. list], JsonObject members => members.Select(member => member.Value).ToArray(), _ => [] })
        {
            RemoveErased(child);
        }
    }
}
