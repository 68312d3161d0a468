using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>The caller's claims as fields for constraints, the first of each name.</summary>
internal sealed class ClaimFields(ClaimsPrincipal principal) : IReadOnlyDictionary<string, string>
{
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();

    public IEnumerable<string> Keys => principal.Claims.Select(claim => claim.Type).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Values => Keys.Select(key => this[key]);

    public int Count => Keys.Count();

    public bool ContainsKey(string key) => principal.HasClaim(claim => claim.Type == key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        value = principal.FindFirst(key)?.Value;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Keys.Select(key => KeyValuePair.Create(key, this[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
