using System.ComponentModel.DataAnnotations;

namespace Platform.Idempotency;

/// <summary>How repeated requests are recognized. Section <c>Platform:Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Platform:Idempotency";

    /// <summary>How long an answer is kept for those who ask again. It holds what the answer held, personal data included.</summary>
    /// <value>24 hours by default; 1 minute to 30 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The largest answer that is kept, in bytes. A request with a key whose answer would be larger fails, and nothing of it is saved.</summary>
    /// <value>1 MiB by default; 1 KiB to 16 MiB.</value>
    [Range(1_024, 16 * 1_024 * 1_024)]
    public int MaxAnswerBytes { get; set; } = 1_024 * 1_024;
}
