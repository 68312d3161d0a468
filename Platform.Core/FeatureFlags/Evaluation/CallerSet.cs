using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.FeatureFlags;

/// <summary>
/// A list of users, groups or roles. The context hashes its own names once per request, so that each of many lists costs one look at a table.
/// </summary>
/// <remarks>Open addressing at a quarter full: a name that is not in it, the usual case, mostly ends at an empty place.</remarks>
internal readonly struct CallerSet
{
    private readonly (uint Hash, string Name)[]? _places;

    public CallerSet(IEnumerable<string> names)
    {
        string[] distinct = [.. names.Distinct(StringComparer.Ordinal)];
        if (distinct.Length == 0)
        {
            return;
        }

        _places = new (uint, string)[BitOperations.RoundUpToPowerOf2((uint)distinct.Length * 4)];
        foreach (var name in distinct)
        {
            var hash = Hash(name);
            var at = hash;
            while (_places[at & (_places.Length - 1)].Name is not null)
            {
                at++;
            }

            _places[at & (_places.Length - 1)] = (hash, name);
        }
    }

    public bool IsEmpty => _places is null;

    /// <summary>The hash of a name as this set looks for it; zero where there is none.</summary>
    public static uint Hash(string? name) => string.IsNullOrEmpty(name) ? 0 : Murmur3.Hash(MemoryMarshal.AsBytes(name.AsSpan()));

    public static uint[] Hashes(string[] names) => Array.ConvertAll(names, Hash);

    /// <summary>Whether it holds the caller, by id or by name.</summary>
    public bool HoldsUser(FlagContext context) =>
        _places is not null && (Holds(context.UserId, context.UserHash) || Holds(context.UserName, context.UserNameHash));

    public bool HoldsGroup(FlagContext context) => HoldsAny(context.GroupSpan, context.GroupHashes);

    public bool HoldsRole(FlagContext context) => HoldsAny(context.RoleSpan, context.RoleHashes);

    private bool HoldsAny(ReadOnlySpan<string> names, ReadOnlySpan<uint> hashes)
    {
        if (_places is null)
        {
            return false;
        }

        for (var i = 0; i < names.Length; i++)
        {
            if (Holds(names[i], hashes[i]))
            {
                return true;
            }
        }

        return false;
    }

    private bool Holds(string? name, uint hash)
    {
        if (string.IsNullOrEmpty(name))
        {
            return false;
        }

        var places = _places!;
        for (var at = hash; ; at++)
        {
            ref var place = ref places[(int)(at & ((uint)places.Length - 1))];
            if (place.Name is null)
            {
                return false;
            }

            if (place.Hash == hash && string.Equals(place.Name, name, StringComparison.Ordinal))
            {
                return true;
            }
        }
    }
}
