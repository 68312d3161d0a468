using System.ComponentModel.DataAnnotations;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Encryption at rest of declared columns. Section <c>Platform:Redaction:Columns</c>.</summary>
public sealed class ColumnSealOptions : IValidatableObject
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:Redaction:Columns";

    internal const int KeyBytes = 32;

    /// <summary>The key, 32 random bytes in base64, the same in all hosts. Whoever has the database alone reads nothing of the columns.</summary>
    /// <value>None by default: columns are written as they are. What is sealed is unreadable without it.</value>
    public string? Key { get; set; }

    /// <summary>Keys that were <see cref="Key"/> before: what is sealed with them can be read and found, and is sealed anew with the next write.</summary>
    /// <value>None by default; up to 10.</value>
    [MaxLength(10)]
    public IList<string> PreviousKeys { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var key in PreviousKeys.Append(Key).OfType<string>().Where(key => key.Length > 0))
        {
            if (!Convert.TryFromBase64String(key, new byte[key.Length], out var count) || count != KeyBytes)
            {
                yield return new($"A key of columns is {KeyBytes} bytes in base64.", [nameof(Key)]);
            }
        }

        if (string.IsNullOrEmpty(Key) && PreviousKeys.Count > 0)
        {
            yield return new("There are previous keys and no present one.", [nameof(PreviousKeys)]);
        }
    }
}
