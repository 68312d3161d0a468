using System.Collections.Frozen;

namespace Platform.Secrets;

/// <summary>The secrets that this process knows; replaced whole.</summary>
internal sealed class LiveSecrets : ISecrets
{
    private FrozenDictionary<string, Secret> _known = FrozenDictionary<string, Secret>.Empty;

    public IReadOnlyDictionary<string, Secret> All => Volatile.Read(ref _known);

    public Secret? Find(string name) => Volatile.Read(ref _known).GetValueOrDefault(name);

    public void Replace(IEnumerable<Secret> secrets) => Volatile.Write(ref _known, secrets.ToFrozenDictionary(secret => secret.Name, StringComparer.Ordinal));
}
