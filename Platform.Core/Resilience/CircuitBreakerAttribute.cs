namespace Platform.Resilience;

/// <summary>
/// Has every call of a method go through a breaker. Works on services registered with <c>services.Intercept&lt;TService&gt;()</c>, on methods of the
/// interface or of the class behind it; a method gives a <see cref="Task"/> or <see cref="ValueTask"/>, and has a
/// <see cref="CancellationToken"/> that fires at the breaker's timeout.
/// </summary>
/// <param name="name">The breaker's name.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CircuitBreakerAttribute(string name) : Attribute
{
    /// <summary>The breaker's name.</summary>
    public string Name { get; } = name;
}
