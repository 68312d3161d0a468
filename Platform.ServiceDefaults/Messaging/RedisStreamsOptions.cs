using System.ComponentModel.DataAnnotations;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Messaging;

/// <summary>Events over Redis streams. Section <c>Platform:Messaging:RedisStreams</c>.</summary>
public sealed class RedisStreamsOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Messaging:RedisStreams";

    /// <summary>
    /// A server of their own for the streams, as StackExchange.Redis writes it. It should keep its data (<c>appendonly yes</c>); what it loses all the
    /// same, the relay publishes again from the log.
    /// </summary>
    /// <value>None by default: the host's connection (<c>AddRedisClient</c>).</value>
    public string? ConnectionString { get; set; }

    /// <summary>What every key starts with. A lane's stream is <c>{prefix}:{lane}</c>, in braces, so that a cluster keeps its keys together.</summary>
    /// <value>1 to 100 characters; <c>platform:messaging</c> by default.</value>
    [Required]
    [StringLength(100)]
    public string Prefix { get; set; } = "platform:messaging";

    /// <summary>
    /// Entries that a lane's stream may hold. A full one is not cut: the relay waits until consumers have acknowledged, and the log keeps the rest.
    /// </summary>
    /// <value>100 to 100,000,000; 100,000 by default.</value>
    [Range(100, 100_000_000)]
    public int MaxLength { get; set; } = 100_000;

    /// <summary>How often a worker cuts off what every consumer group has acknowledged.</summary>
    /// <value>10 ms to 1 hour; 1 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan TrimInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ConnectionString is { } text && Fault(text) is { } fault)
        {
            yield return new ValidationResult(fault, [nameof(ConnectionString)]);
        }
    }

    // The message must not repeat the text, which may hold a password.
    private static string? Fault(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count == 0 ? "It names no server." : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return "StackExchange.Redis cannot read it.";
        }
    }
}
