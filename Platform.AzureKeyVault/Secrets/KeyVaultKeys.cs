using System.Security.Cryptography;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Secrets;

namespace Platform.AzureKeyVault.Secrets;

/// <summary>
/// The key-encryption keys as versions of one secret in Azure Key Vault: the newest that is enabled and begun seals, the others that are enabled still open. A new version is
/// the rotation of the key; <c>secrets rewrap</c>, or the worker, does the rest. Keys that were read go on being used while the vault is away.
/// </summary>
internal sealed class KeyVaultKeys(SecretClient vault, IOptions<KeyVaultOptions> options, TimeProvider time, ILogger<KeyVaultKeys> logger)
    : IKeyEncryptionKeys, IDisposable
{
    // The newest; a version older than so many is not looked at.
    private const int MostVersions = 20;

    // How often the vault is asked at most, for a key that is not known, or while it is away.
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Ring? _ring;

    /// <inheritdoc/>
    public bool Available => true;

    /// <inheritdoc/>
    public async ValueTask<KeyEncryptionKey> CurrentAsync(CancellationToken cancellationToken = default) =>
        (await ReadAsync(options.Value.RefreshInterval, cancellationToken))[0].Key;

    /// <inheritdoc/>
    public async ValueTask<KeyEncryptionKey?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        var known = await ReadAsync(options.Value.RefreshInterval, cancellationToken);

        // Another host may have met a new version first.
        return Find(known) ?? Find(await ReadAsync(AtMostEvery, cancellationToken));

        KeyEncryptionKey? Find(VersionedKey[] keys) => Array.Find(keys, key => key.Key.Id == id)?.Key;
    }

    public void Dispose() => _reading.Dispose();

    private async ValueTask<VersionedKey[]> ReadAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        if (IsFresh(maxAge) is { } fresh)
        {
            return fresh;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (IsFresh(maxAge) is { } readMeanwhile)
            {
                return readMeanwhile;
            }

            var keys = await AskAsync(_ring?.Keys ?? [], cancellationToken);
            _ring = new Ring(keys, time.GetTimestamp(), time.GetTimestamp());
            return keys;
        }
        catch (Exception e) when (e is RequestFailedException or AuthenticationFailedException or AggregateException && !cancellationToken.IsCancellationRequested)
        {
            if (_ring is not { } ring)
            {
                throw new CryptographicException($"The key vault {options.Value.Address} does not give its keys: {Reason(e)}.", e);
            }

            Log.VaultAway(logger, Reason(e));
            _ring = ring with { TriedAt = time.GetTimestamp() };
            return ring.Keys;
        }
        finally
        {
            _reading.Release();
        }
    }

    private VersionedKey[]? IsFresh(TimeSpan maxAge) =>
        _ring is { } ring && (time.GetElapsedTime(ring.ReadAt) < maxAge || time.GetElapsedTime(ring.TriedAt) < AtMostEvery) ? ring.Keys : null;

    private async Task<VersionedKey[]> AskAsync(VersionedKey[] known, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<SecretProperties> versions = [];
        await foreach (var version in vault.GetPropertiesOfSecretVersionsAsync(options.Value.SecretName, cancellationToken))
        {
            if (version.Enabled is true && (version.NotBefore is null || version.NotBefore <= now))
            {
                versions.Add(version);
            }
        }

        List<VersionedKey> keys = [];
        foreach (var version in versions.OrderByDescending(version => version.CreatedOn).Take(MostVersions))
        {
            keys.Add(Array.Find(known, key => key.Version == version.Version) ?? await GetAsync(version.Version, cancellationToken));
        }

        return keys.Count > 0
            ? [.. keys]
            : throw new CryptographicException($"The secret {options.Value.SecretName} of the key vault {options.Value.Address} has no version that is enabled.");
    }

    private async Task<VersionedKey> GetAsync(string version, CancellationToken cancellationToken)
    {
        var secret = await vault.GetSecretAsync(options.Value.SecretName, version, cancellationToken: cancellationToken);
        return KeyEncryptionKey.Read(secret.Value.Value) is { } key
            ? new VersionedKey(version, key)
            : throw new CryptographicException($"Version {version} of the secret {options.Value.SecretName} is not exactly 32 bytes in base64.");
    }

    // Not the message, which quotes the answer.
    private static string Reason(Exception exception) =>
        exception is RequestFailedException { Status: > 0 } refused ? $"{refused.Status} {refused.ErrorCode}" : exception.GetType().Name;

    private sealed record VersionedKey(string Version, KeyEncryptionKey Key);

    private sealed record Ring(VersionedKey[] Keys, long ReadAt, long TriedAt);
}
