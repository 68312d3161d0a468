using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Platform.Secrets;

/// <summary>Keys of the configuration, which is where environment variables are, or of a file, which is read again when it changes.</summary>
internal sealed class ConfiguredKeyEncryptionKeys(IOptionsMonitor<SecretsOptions> options) : IKeyEncryptionKeys
{
    private sealed record Ring(object Source, KeyEncryptionKey[] Keys);

    private Ring? _ring;

    public bool Available => options.CurrentValue is { KeyEncryptionKey.Length: > 0 } or { KeyEncryptionKeyFile.Length: > 0 };

    public ValueTask<KeyEncryptionKey> CurrentAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read() is [var current, ..] ? current : throw new CryptographicException(
            $"There is no key for secrets: set {SecretsOptions.Section}:{nameof(SecretsOptions.KeyEncryptionKey)} or {nameof(SecretsOptions.KeyEncryptionKeyFile)}."));

    public ValueTask<KeyEncryptionKey?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Array.Find(Read(), key => key.Id == id));

    private KeyEncryptionKey[] Read()
    {
        var settings = options.CurrentValue;
        if (settings.KeyEncryptionKeyFile is { Length: > 0 } path)
        {
            var written = (path, File.GetLastWriteTimeUtc(path));
            if (Volatile.Read(ref _ring) is { } known && known.Source.Equals(written))
            {
                return known.Keys;
            }

            var lines = File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
            return Keep(written, lines);
        }

        if (Volatile.Read(ref _ring) is { } ring && ReferenceEquals(ring.Source, settings))
        {
            return ring.Keys;
        }

        return Keep(settings, settings.KeyEncryptionKey is { Length: > 0 } current ? [current, .. settings.PreviousKeyEncryptionKeys] : []);
    }

    private KeyEncryptionKey[] Keep(object source, IEnumerable<string> texts)
    {
        var keys = texts.Select(text => KeyEncryptionKey.Read(text)
            ?? throw new CryptographicException("A key-encryption key is exactly 32 bytes in base64.")).ToArray();
        Volatile.Write(ref _ring, new Ring(source, keys));
        return keys;
    }
}
