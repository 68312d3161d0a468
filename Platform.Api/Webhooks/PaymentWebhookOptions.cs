using System.ComponentModel.DataAnnotations;
using Platform.Webhooks;

namespace Platform.Api.Webhooks;

/// <summary>Whose payment webhooks count. Section <c>Platform:Payments:Webhook</c>.</summary>
public sealed class PaymentWebhookOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Platform:Payments:Webhook";

    /// <summary>The secrets that are shared with the gateway: one, or the old and the new one while they are replaced.</summary>
    /// <value>None by default: then every delivery is refused. 24 bytes at least, <c>whsec_</c> and base64 or any text.</value>
    [MaxLength(6)]
    public IList<string> Secrets { get; } = [];

    /// <summary>How far a delivery's timestamp may lie from our clock.</summary>
    /// <value>10 seconds to 1 hour; 5 minutes by default.</value>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan Tolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var secret in Secrets)
        {
            string? problem = null;
            try
            {
                WebhookSecret.Parse(secret);
            }
            catch (FormatException e)
            {
                problem = e.Message;
            }

            if (problem is not null)
            {
                yield return new ValidationResult(problem, [nameof(Secrets)]);
            }
        }
    }
}
