namespace Platform.Audit;

/// <summary>Something worth keeping for whoever looks into it later. Never holds a secret, a token, or what a secret was changed to.</summary>
/// <param name="Action">
/// What was tried: lower case words with dots, the capability first, such as <c>secrets.rotate</c> or <c>binding.violation</c>. Up to
/// <see cref="MaxAction"/> characters.
/// </param>
/// <param name="Target">What it was tried on, as an id: <c>flag:new-checkout</c>, <c>user:0198...</c>. Longer than <see cref="MaxTarget"/> characters it is cut.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Reason">Why, for a person. Longer than <see cref="MaxReason"/> characters it is cut.</param>
public sealed record AuditEvent(string Action, string Target, AuditOutcome Outcome = AuditOutcome.Succeeded, string? Reason = null)
{
    /// <summary>The longest action, in characters.</summary>
    public const int MaxAction = 100;

    /// <summary>The longest target, in characters.</summary>
    public const int MaxTarget = 200;

    /// <summary>The longest reason, in characters.</summary>
    public const int MaxReason = 500;

    /// <summary>The most entries of <see cref="Details"/>.</summary>
    public const int MaxDetails = 20;

    /// <summary>Who did it, as an id and never a name or address.</summary>
    /// <value>By default the caller of the request, the one who set off the event in hand, or <c>system</c> where there is neither.</value>
    public string? Actor { get; init; }

    /// <summary>The trace in which it happened.</summary>
    /// <value>By default the present one.</value>
    public string? TraceId { get; init; }

    /// <summary>What else helps: names of fields, versions, counts, hashes. At most <see cref="MaxDetails"/>, names and values up to 200 characters.</summary>
    public IReadOnlyDictionary<string, string>? Details { get; init; }
}
