using Platform.Contracts.Model;

namespace Platform.Contracts.Compatibility;

/// <summary>
/// Finds what breaks clients between two documents. What clients send may be wanted less strictly and may never be wanted more; what they are sent may
/// grow, and may never be less than it was. Clients let values pass that they do not know, so an enumeration of an answer may grow, too.
/// </summary>
internal static class ContractComparison
{
    /// <summary>All breaking changes, in the order of the former document.</summary>
    public static IReadOnlyList<BreakingChange> BreakingChanges(ContractDocument before, ContractDocument after)
    {
        var changes = new List<BreakingChange>();
        var operations = after.Operations.ToDictionary(operation => operation.ToString(), StringComparer.Ordinal);
        var paths = after.Operations.Select(operation => operation.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var former in before.Operations)
        {
            if (operations.TryGetValue(former.ToString(), out var latter))
            {
                Compare(former, latter, changes);
            }
            else
            {
                changes.Add(new(former.ToString(), paths.Contains(former.Path) ? "the operation is gone" : "the path is gone"));
            }
        }

        foreach (var (name, type) in before.SecuritySchemes)
        {
            if (after.SecuritySchemes.GetValueOrDefault(name) != type)
            {
                changes.Add(new($"security scheme {name}", "is gone, or of another type"));
            }
        }

        return changes;
    }

    private static void Compare(ContractOperation before, ContractOperation after, List<BreakingChange> changes)
    {
        var at = before.ToString();
        if (before.Id != after.Id)
        {
            changes.Add(new(at, $"operationId {before.Id} became {after.Id}: generated clients call it by that name"));
        }

        if (after.Security.Count > 0 && !before.Security.Any(after.Security.Contains))
        {
            changes.Add(new(at, $"asks for {string.Join(" or ", after.Security)} instead of {string.Join(" or ", before.Security.DefaultIfEmpty("nothing"))}"));
        }

        CompareParameters(before, after, changes);
        CompareBody(before, after, changes);
        foreach (var (status, former) in before.Responses)
        {
            if (after.Responses.TryGetValue(status, out var latter))
            {
                Compare(former, latter, $"{at} {status}", changes);
            }
            else
            {
                changes.Add(new($"{at} {status}", "the status is gone"));
            }
        }
    }

    private static void CompareParameters(ContractOperation before, ContractOperation after, List<BreakingChange> changes)
    {
        foreach (var former in before.Parameters)
        {
            var at = $"{before} {former.In} parameter {former.Name}";
            if (after.Parameters.FirstOrDefault(candidate => candidate.Name == former.Name && candidate.In == former.In) is not { } latter)
            {
                changes.Add(new(at, "is gone"));
                continue;
            }

            if (latter.Required && !former.Required)
            {
                changes.Add(new(at, "became required"));
            }

            SchemaComparison.Sent(former.Schema, latter.Schema, at, changes);
        }

        foreach (var added in after.Parameters.Where(added => added.Required && !before.Parameters.Any(former => former.Name == added.Name && former.In == added.In)))
        {
            changes.Add(new($"{before} {added.In} parameter {added.Name}", "is new and required"));
        }
    }

    private static void CompareBody(ContractOperation before, ContractOperation after, List<BreakingChange> changes)
    {
        var at = $"{before} body";
        if (after.Body is { Required: true } && before.Body is not { Required: true })
        {
            changes.Add(new(at, before.Body is null ? "is new and required" : "became required"));
        }

        foreach (var (media, former) in before.Body?.Content ?? new Dictionary<string, ContractSchema>())
        {
            if (after.Body?.Content.TryGetValue(media, out var latter) is true)
            {
                SchemaComparison.Sent(former, latter, at, changes);
            }
            else
            {
                changes.Add(new(at, $"{media} is not taken any more"));
            }
        }
    }

    private static void Compare(ContractResponse before, ContractResponse after, string at, List<BreakingChange> changes)
    {
        foreach (var (name, former) in before.Headers)
        {
            if (!after.Headers.TryGetValue(name, out var latter))
            {
                changes.Add(new($"{at} header {name}", "is gone"));
            }
            else if (former.Required && !latter.Required)
            {
                changes.Add(new($"{at} header {name}", "is not always there any more"));
            }
        }

        foreach (var (media, former) in before.Content)
        {
            if (after.Content.TryGetValue(media, out var latter))
            {
                SchemaComparison.Received(former, latter, at, changes);
            }
            else
            {
                changes.Add(new(at, $"{media} is not given any more"));
            }
        }
    }
}
