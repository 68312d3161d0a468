using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Platform.EntityFrameworkCore.Audit;
using Platform.Redaction.Subjects;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>
/// Entries of the audit trail that are about a person or name one. What is found as personal data is redacted before it is written; a name that only the request knows
/// is taken out here. That it happened, when, by whom and on what stays.
/// </summary>
internal sealed class AuditMentions<TContext>(TContext context, AuditErasing audit) : ISubjectData
    where TContext : DbContext
{
    private const int Batch = 500;
    private const int MostExported = 10_000;

    public string Name => "audit";

    public async Task<JsonNode?> ExportAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var found = new JsonArray();
        await foreach (var (entry, _, _, _) in EntriesAsync(subject, MostExported, cancellationToken))
        {
            found.Add(new JsonObject
            {
                ["occurredAt"] = entry.OccurredAt,
                ["action"] = entry.Action,
                ["outcome"] = entry.Outcome.ToString(),
                ["reason"] = entry.Reason,
                ["details"] = entry.Details is null ? null : JsonNode.Parse(entry.Details),
            });
        }

        return found.Count > 0 ? found : null;
    }

    public async Task<int> EraseAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var changed = 0;
        await foreach (var stored in EntriesAsync(subject, int.MaxValue, cancellationToken))
        {
            var entry = stored.Entry;
            var reason = entry.Reason is null ? null : SubjectText.Erase(entry.Reason, subject, isAbout: entry.Target == subject.ToString());
            var details = entry.Details is null ? null : JsonNode.Parse(entry.Details);
            if (SubjectText.Erase(details, subject) || reason != entry.Reason)
            {
                await audit.EraseAsync(Connection, Transaction, stored, reason, details?.ToJsonString(), cancellationToken);
                changed++;
            }
        }

        return changed;
    }

    private NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();

    private NpgsqlTransaction? Transaction => (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction();

    private async IAsyncEnumerable<StoredEntry> EntriesAsync(
        DataSubject subject, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var patterns = SubjectSpellings.Patterns(subject);
        var after = Guid.Empty;
        while (most > 0)
        {
            var entries = await audit.FindAsync(Connection, Transaction, subject.ToString(), patterns, after, Math.Min(Batch, most), cancellationToken);
            foreach (var entry in entries)
            {
                yield return entry;
            }

            if (entries.Count < Batch)
            {
                yield break;
            }

            most -= entries.Count;
            after = entries[^1].Entry.Id;
        }
    }
}
