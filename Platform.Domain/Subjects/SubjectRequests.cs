using Microsoft.EntityFrameworkCore;
using Platform.Audit;
using Platform.Domain.Persistence;
using Platform.Errors;
using Platform.Redaction.Subjects;

namespace Platform.Domain.Subjects;

internal sealed class SubjectRequests(
    PlatformDbContext context, ISubjectDirectory directory, IEnumerable<ISubjectData> places, IAuditTrail audit, TimeProvider time) : ISubjectRequests
{
    private const int MaxReason = 500;

    private readonly ISubjectData[] _places = [.. places];

    public Task<SubjectExport> ExportAsync(Guid id, string? actor = null, CancellationToken cancellationToken = default) =>
        InTransactionAsync(
            async () =>
            {
                var subject = await directory.FindAsync(id, hold: false, cancellationToken) ?? Gone(id);
                var data = new Dictionary<string, System.Text.Json.Nodes.JsonNode>(StringComparer.Ordinal);
                foreach (var place in _places)
                {
                    if (await place.ExportAsync(subject, cancellationToken) is { } held)
                    {
                        data[place.Name] = held;
                    }
                }

                if (data.Count == 0)
                {
                    throw ErrorException.NotFound(directory.Kind, id);
                }

                audit.Record(new AuditEvent("subjects.export", subject.ToString()) { Actor = actor });
                return new SubjectExport(id, time.GetUtcNow(), data);
            },
            cancellationToken);

    public Task<SubjectErasure> EraseAsync(Guid id, string reason, string? actor = null, CancellationToken cancellationToken = default)
    {
        var errors = new FieldErrors();
        var why = errors.Text("/reason", reason, MaxReason);
        errors.ThrowIfAny();
        return InTransactionAsync(
            async () =>
            {
                var found = await directory.FindAsync(id, hold: true, cancellationToken);
                var subject = found ?? Gone(id);
                var changed = new Dictionary<string, int>(StringComparer.Ordinal);
                foreach (var place in _places)
                {
                    changed[place.Name] = await place.EraseAsync(subject, cancellationToken);
                }

                if (found is null && changed.Values.All(count => count == 0))
                {
                    throw ErrorException.NotFound(directory.Kind, id);
                }

                // The reason may name the person too.
                audit.Record(new AuditEvent("subjects.erase", subject.ToString(), Reason: SubjectText.Erase(why!, subject, isAbout: true))
                {
                    Actor = actor,
                    Details = changed.Where(place => place.Value > 0).ToDictionary(
                        place => place.Key, place => place.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal),
                });
                return new SubjectErasure(id, time.GetUtcNow(), changed);
            },
            cancellationToken);
    }

    private DataSubject Gone(Guid id) => new(directory.Kind, id, []);

    private async Task<T> InTransactionAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken) =>
        await context.Database.CreateExecutionStrategy().ExecuteAsync(
            async () =>
            {
                context.ChangeTracker.Clear();
                await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
                var result = await work();
                await context.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return result;
            });
}
