using System.ComponentModel.DataAnnotations;

namespace Platform.Secrets;

/// <summary>How secrets are kept and rotated. Section <c>Platform:Secrets</c>.</summary>
public sealed class SecretsOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Platform:Secrets";

    /// <summary>The key that stored secrets are sealed with: 32 bytes in base64 (<c>openssl rand -base64 32</c>), the same in all hosts.</summary>
    /// <value>By default derived from <c>Platform:Identity:KeyEncryptionKey</c> where that is set; without either, the host reads no secrets.</value>
    public string? KeyEncryptionKey { get; set; }

    /// <summary>A file that holds the key instead, a line; further lines are keys that it replaced. Read again when it changes.</summary>
    /// <value>None by default. It goes before <see cref="KeyEncryptionKey"/>.</value>
    public string? KeyEncryptionKeyFile { get; set; }

    /// <summary>Keys that <see cref="KeyEncryptionKey"/> replaced; kept until <c>secrets rewrap</c> has nothing left to do.</summary>
    /// <value>None by default.</value>
    [MaxLength(10)]
    public IList<string> PreviousKeyEncryptionKeys { get; } = [];

    /// <summary>How long a worker may be silent before another goes on with its rotation. A step takes less than two thirds of it.</summary>
    /// <value>1 second to 10 minutes; 30 seconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a host reads the secrets where nobody tells it of changes, and says that it is there.</summary>
    /// <value>100 ms to 1 minute; 5 seconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a step waits for the hosts to take a new version up, before it fails and is tried again later.</summary>
    /// <value>100 ms to 1 minute; 10 seconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ReaderWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a step is tried before the rotation is rolled back and called failed.</summary>
    /// <value>1 to 100; 8 by default, over some two hours.</value>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>How long to wait after the first failure of a step; doubled each time, an hour at most.</summary>
    /// <value>10 ms to 1 hour; 30 seconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Secrets by name, over those that code declares.</summary>
    public Dictionary<string, SecretOptions> Items { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (KeyEncryptionKey is { Length: > 0 } key && Decode(key) is null)
        {
            yield return new($"{nameof(KeyEncryptionKey)} has to be exactly {GcmBox.KeyLength} bytes in base64.", [nameof(KeyEncryptionKey)]);
        }

        if (PreviousKeyEncryptionKeys.Any(previous => Decode(previous) is null))
        {
            yield return new($"{nameof(PreviousKeyEncryptionKeys)} are {GcmBox.KeyLength} bytes in base64 each.", [nameof(PreviousKeyEncryptionKeys)]);
        }

        foreach (var (name, item) in Items)
        {
            if (!SecretDefinition.IsName(name))
            {
                yield return new($"'{name}' is no name of a secret: a-z, 0-9, - and _, up to {SecretDefinition.MaxName}.", [nameof(Items)]);
            }

            foreach (var problem in item.Problems())
            {
                yield return new($"{name}: {problem}", [nameof(Items)]);
            }
        }
    }

    /// <summary>The length of a key, in bytes.</summary>
    internal const int KeyLength = GcmBox.KeyLength;

    internal static byte[]? Decode(string? text)
    {
        // One byte more than allowed tells 32 from longer.
        Span<byte> key = stackalloc byte[GcmBox.KeyLength + 1];
        return text is not null && Convert.TryFromBase64String(text, key, out var length) && length == GcmBox.KeyLength
            ? key[..GcmBox.KeyLength].ToArray()
            : null;
    }
}
