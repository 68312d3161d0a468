using System.Collections.Frozen;

namespace Platform.FeatureFlags;

/// <summary>A list of users, groups or the like, looked up in constant time. Empty holds nobody.</summary>
internal readonly struct NameSet
{
    private readonly FrozenSet<string>? _names;

    public NameSet(IEnumerable<string> names, StringComparer? comparer = null)
    {
        var set = names.ToFrozenSet(comparer ?? StringComparer.Ordinal);
        _names = set.Count > 0 ? set : null;
    }

    public bool IsEmpty => _names is null;

    public bool Holds(string? name) => _names is not null && name is not null && _names.Contains(name);

    public bool HoldsAny(ReadOnlySpan<string> names)
    {
        if (_names is null)
        {
            return false;
        }

        foreach (var name in names)
        {
            if (_names.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it holds the caller, by id or by name.</summary>
    public bool HoldsUser(FlagContext context) => _names is not null && (Holds(context.UserId) || Holds(context.UserName));
}
