namespace Platform.FeatureFlags;

/// <summary>Turns flags for a test that has no <see cref="IFeatureFlags"/> at hand: the answers of every host in the process, in this asynchronous flow.</summary>
/// <remarks>
/// Flows into whatever is awaited or started from here, and not into tests that run beside this one. A server on a socket serves from a flow of
/// its own, which an override does not reach; <c>TestServer</c> is reached with <c>PreserveExecutionContext</c>.
/// </remarks>
public static class FlagOverride
{
    /// <summary>Turns a flag until the answer is disposed of.</summary>
    public static IDisposable Flag(string name, bool enabled) => FlagOverrides.Push(null, FlagOverrides.Kind.Flag, name, enabled);

    /// <summary>Gives a declared flag a value until the answer is disposed of.</summary>
    public static IDisposable Flag<T>(Flag<T> flag, T value)
    {
        ArgumentNullException.ThrowIfNull(flag);
        return FlagOverrides.Push(null, FlagOverrides.Kind.Flag, flag.Name, value is not false, value);
    }

    /// <summary>Turns a switch until the answer is disposed of.</summary>
    public static IDisposable Switch(string name, bool active) => FlagOverrides.Push(null, FlagOverrides.Kind.Switch, name, active);

    /// <summary>Decides a sample until the answer is disposed of.</summary>
    public static IDisposable Sample(string name, bool active) => FlagOverrides.Push(null, FlagOverrides.Kind.Sample, name, active);
}
