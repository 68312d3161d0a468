using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace Platform.ServiceDefaults.FeatureFlags.Callers;

/// <summary>A user's claims as fields for constraints, read when one is asked; of a claim that is there several times, the first.</summary>
internal sealed class ClaimFields(ClaimsPrincipal user) : IReadOnlyDictionary<string, string>
{
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();

    public IEnumerable<string> Keys => user.Claims.Select(claim => claim.Type).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Values => Keys.Select(key => this[key]);

    public int Count => Keys.Count();

    public bool ContainsKey(string key) => user.HasClaim(claim => claim.Type == key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => (value = user.FindFirst(key)?.Value) is not null;

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Keys.Select(key => KeyValuePair.Create(key, this[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
