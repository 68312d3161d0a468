namespace Platform.FeatureFlags.Gates;

/// <summary>What becomes of an event whose handler is behind a closed gate.</summary>
public enum GatedEvent
{
    /// <summary>It is passed over and marked as handled: turning the flag later does not bring it back.</summary>
    Skip,

    /// <summary>
    /// It waits, and with it what comes after it of the same aggregate, until the gate is open. It is looked at again every
    /// <see cref="RequireFlagAttribute.RetrySeconds"/>; that counts as no attempt, so it never becomes a dead letter.
    /// </summary>
    Defer,
}

/// <summary>Puts an event handler behind a gate.</summary>
/// <remarks>
/// The caller that the flag is asked for is who caused the event (<see cref="FlagContext.UserId"/>), with the fields <c>eventType</c>,
/// <c>aggregateType</c> and <c>aggregateId</c> for constraints and stickiness.
/// </remarks>
/// <param name="gate"><c>name</c>, or <c>!name</c> where the flag has to be off.</param>
/// <param name="otherwise">What becomes of an event while the gate is closed.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequireFlagAttribute(string gate, GatedEvent otherwise = GatedEvent.Skip) : Attribute
{
    /// <summary>The gate as written.</summary>
    public string Gate { get; } = gate;

    /// <summary>What becomes of an event while the gate is closed.</summary>
    public GatedEvent Otherwise { get; } = otherwise;

    /// <summary>How often a deferred event is looked at again, in seconds.</summary>
    /// <value>1 to 86,400; 30 by default.</value>
    public int RetrySeconds { get; init; } = 30;
}
