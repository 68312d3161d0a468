using System.Collections.Concurrent;

namespace Platform.GraphQL.Tracing;

/// <summary>
/// Names of operations that may stand on metrics. Callers can make up any number of names, so those of trusted documents come first: they have room of their own,
/// and what else comes has a little, until the process ends. Thread safe.
/// </summary>
internal sealed class OperationNames
{
    /// <summary>What stands for all names beyond the limit.</summary>
    public const string Other = "_other";

    private const int MaxTrusted = 1_000;
    private const int MaxOthers = 100;

    private readonly ConcurrentDictionary<string, bool> _trusted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _others = new(StringComparer.Ordinal);

    /// <summary>The name that an operation is counted under; null for one without a name.</summary>
    public string? Admit(string? name, bool trusted)
    {
        if (name is null || _trusted.ContainsKey(name) || _others.ContainsKey(name))
        {
            return name;
        }

        var (names, limit) = trusted ? (_trusted, MaxTrusted) : (_others, MaxOthers);
        return names.Count < limit && names.TryAdd(name, true) ? name : names.ContainsKey(name) ? name : Other;
    }
}
