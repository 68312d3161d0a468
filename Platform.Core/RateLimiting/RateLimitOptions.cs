using System.ComponentModel.DataAnnotations;

namespace Platform.RateLimiting;

/// <summary>How much one caller may ask for. Section <c>Platform:RateLimiting</c>.</summary>
public sealed class RateLimitOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Platform:RateLimiting";

    /// <summary>The class of requests that read.</summary>
    public const string Read = "read";

    /// <summary>The class of requests that change something.</summary>
    public const string Write = "write";

    /// <summary>The class of requests without a token, by address.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>Whether limits are held.</summary>
    /// <value>True by default.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The limit of each class of endpoints, held for each client, and for each user where a client acts for one. Add names for classes of your own.
    /// </summary>
    /// <value>By default <c>read</c> 30,000 a minute, <c>write</c> 6,000 a minute, <c>anonymous</c> 6,000 a minute.</value>
    public IDictionary<string, RateLimit> Classes { get; } = new Dictionary<string, RateLimit>(StringComparer.Ordinal)
    {
        [Read] = new() { Limit = 30_000 },
        [Write] = new() { Limit = 6_000 },
        [Anonymous] = new() { Limit = 6_000 },
    };

    /// <summary>
    /// How many replicas share the limits. While Redis is away each counts for itself, and allows its share.
    /// </summary>
    /// <value>1 by default; 1 to 10,000.</value>
    [Range(1, 10_000)]
    public int Replicas { get; set; } = 1;

    /// <summary>How long Redis may take; after that the replica decides by itself, and asks again after a second.</summary>
    /// <value>50 ms by default; 1 ms to 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:05")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many requests may be under way at once in this process; beyond it they are shed, the least important first.</summary>
    /// <value>1,000 by default; 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int MaxConcurrentRequests { get; set; } = 1_000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, limit) in Classes)
        {
            // They stand in a header field between quotes.
            if (name.Length is 0 or > 40 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                yield return new($"The class {name} needs a name of letters, digits, - and _.", [nameof(Classes)]);
            }

            var results = new List<ValidationResult>();
            if (!Validator.TryValidateObject(limit, new ValidationContext(limit), results, validateAllProperties: true))
            {
                yield return new($"The class {name}: {results[0].ErrorMessage}", [nameof(Classes)]);
            }
        }
    }
}
