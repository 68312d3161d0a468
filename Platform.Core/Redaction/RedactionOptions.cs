using System.ComponentModel.DataAnnotations;

namespace Platform.Redaction;

/// <summary>Section <c>Platform:Redaction</c>.</summary>
public sealed class RedactionOptions : IValidatableObject
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:Redaction";

    private const int LeastKeyBytes = 32;

    /// <summary>The least confidence of a match, see <see cref="PiiDetectorOptions.MinimumConfidence"/>.</summary>
    /// <value>From 0.05 to 1; 0.5 by default.</value>
    [Range(0.05, 1)]
    public double MinimumConfidence { get; set; } = 0.5;

    /// <summary>The key that tokens are made with, in base64: at least 32 random bytes, the same in every service whose lines are to join.</summary>
    /// <value>None by default: each process has a random key of its own.</value>
    public string? HashKey { get; set; }

    /// <summary>What an audience gets to see, where it is not the default: the audience, then the type as on the wire (<c>us_ssn</c>), then the action.</summary>
    /// <value>Empty by default, see <see cref="RedactionAudience"/>.</value>
    public Dictionary<RedactionAudience, Dictionary<string, RedactionAction>> Audiences { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HashKey is { Length: > 0 } key && (!Convert.TryFromBase64String(key, new byte[key.Length], out var count) || count < LeastKeyBytes))
        {
            yield return new($"{nameof(HashKey)} must be at least {LeastKeyBytes} bytes in base64.", [nameof(HashKey)]);
        }

        foreach (var name in Audiences.SelectMany(audience => audience.Value.Keys).Where(name => !PiiTypes.TryParse(name, out _)))
        {
            yield return new($"There is no type '{name}'.", [nameof(Audiences)]);
        }
    }
}
