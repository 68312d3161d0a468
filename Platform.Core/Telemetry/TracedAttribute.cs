namespace Platform.Telemetry;

/// <summary>
/// Has every call of a method be a span, with the exception if it throws. Works on services registered with
/// <c>services.Intercept&lt;TService&gt;()</c>, on methods of the interface or of the class behind it; <see cref="Task"/> and
/// <see cref="ValueTask"/> are awaited. No argument is recorded but those marked with <see cref="SafeToTraceAttribute"/>.
/// </summary>
/// <param name="name">The span's name: a few words that do not change from call to call.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TracedAttribute(string name) : Attribute
{
    /// <summary>The span's name.</summary>
    public string Name { get; } = name;
}

/// <summary>Says that an argument may be seen by whoever reads traces; it becomes a tag <c>arg.{name}</c> of the span.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SafeToTraceAttribute : Attribute;
