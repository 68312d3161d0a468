namespace Platform.Resilience;

/// <summary>What a breaker does with calls.</summary>
public enum CircuitState
{
    /// <summary>They are made.</summary>
    Closed,

    /// <summary>One is made, to see whether it works again; the others are refused.</summary>
    HalfOpen,

    /// <summary>They are refused.</summary>
    Open,
}

/// <summary>What an operator told a breaker.</summary>
public enum CircuitOrder
{
    /// <summary>Nothing: it decides by itself.</summary>
    None,

    /// <summary>Stay open, whatever happens.</summary>
    Open,

    /// <summary>Stay closed, whatever happens.</summary>
    Close,
}

/// <summary>How a breaker stands at a moment.</summary>
/// <param name="Name">The breaker.</param>
/// <param name="State">What it does with calls.</param>
/// <param name="Order">What an operator told it.</param>
/// <param name="Failures">How many calls failed in a row.</param>
/// <param name="Opened">When it opened last, if it is not closed.</param>
/// <param name="RetryAfter">How long until it lets a call try.</param>
public sealed record CircuitSnapshot(string Name, CircuitState State, CircuitOrder Order, int Failures, DateTimeOffset? Opened, TimeSpan RetryAfter);
