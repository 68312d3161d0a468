using System.Text.Json.Nodes;
using Platform.EntityFrameworkCore.Audit;
using Platform.Redaction.Subjects;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>
/// Entries of the audit trail about a person. They tell of the person by id alone, since they are redacted before they are written, and nobody may change
/// them: so they are exported and never erased.
/// </summary>
internal sealed class AuditMentions(AuditQueries audit) : ISubjectData
{
    private const int MostExported = 1000;

    public string Name => "audit";

    public async Task<JsonNode?> ExportAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        var entries = await audit.ListAsync(new AuditFilter { Target = subject.ToString() }, MostExported, cancellationToken: cancellationToken);
        return entries.Count == 0
            ? null
            : new JsonArray([.. entries.Select(JsonNode (entry) => new JsonObject
            {
                ["occurredAt"] = entry.OccurredAt,
                ["action"] = entry.Action,
                ["outcome"] = entry.Outcome.ToString(),
                ["reason"] = entry.Reason,
            })]);
    }

    public Task<int> EraseAsync(DataSubject subject, CancellationToken cancellationToken = default) => Task.FromResult(0);
}
