using System.ComponentModel.DataAnnotations;

namespace Platform.RabbitMq.Messaging;

/// <summary>Events over RabbitMQ. Section <c>Platform:Messaging:RabbitMq</c>.</summary>
public sealed class RabbitMqOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Messaging:RabbitMq";

    /// <summary>The broker: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps://</c> for TLS.</summary>
    /// <value>By default the connection string <c>rabbitmq</c>.</value>
    public string? ConnectionString { get; set; }

    /// <summary>What the names of exchange and queues start with: <c>{prefix}.events</c> and <c>{prefix}.{subscription}.{lane}</c>.</summary>
    /// <value>1 to 100 characters; <c>platform</c> by default.</value>
    [Required]
    [StringLength(100)]
    public string Prefix { get; set; } = "platform";

    /// <summary>How often either side of a connection makes sure that the other is there; after two misses it counts as gone.</summary>
    /// <value>1 s to 5 minutes; 10 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ConnectionString is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps")))
        {
            yield return new ValidationResult("It has to be a URI with the scheme amqp or amqps.", [nameof(ConnectionString)]);
        }
    }
}
