using Microsoft.Extensions.Options;

namespace Platform.Redaction;

/// <summary>The key of the configuration; without one a random key of the process, whose tokens join within the process only.</summary>
internal sealed class ConfiguredRedactionKeys : IRedactionKeys, IDisposable
{
    private readonly byte[] _ofProcess = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32);
    private readonly IDisposable? _subscription;
    private byte[]? _configured;

    public ConfiguredRedactionKeys(IOptionsMonitor<RedactionOptions> options)
    {
        Take(options.CurrentValue);
        _subscription = options.OnChange(Take);
    }

    public ReadOnlyMemory<byte> Current => Volatile.Read(ref _configured) ?? _ofProcess;

    public void Dispose() => _subscription?.Dispose();

    private void Take(RedactionOptions options) =>
        Volatile.Write(ref _configured, options.HashKey is { Length: > 0 } key ? Convert.FromBase64String(key) : null);
}
