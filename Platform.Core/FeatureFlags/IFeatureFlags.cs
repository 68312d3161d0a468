namespace Platform.FeatureFlags;

/// <summary>Asks flags, switches and samples: synchronous, thread-safe, without I/O, locks or allocation.</summary>
public interface IFeatureFlags
{
    /// <summary>The snapshot that answers at this moment.</summary>
    FlagSnapshot Snapshot { get; }

    /// <summary>Whether a flag is on for a caller.</summary>
    /// <param name="name">The flag; one that nobody defined has <see cref="FeatureFlagOptions.FlagDefault"/>.</param>
    /// <param name="context">The caller.</param>
    bool IsEnabled(string name, FlagContext context);

    /// <inheritdoc cref="IsEnabled(string, FlagContext)"/>
    /// <param name="flag">The flag, declared.</param>
    /// <param name="context">The caller.</param>
    bool IsEnabled<T>(Flag<T> flag, FlagContext context);

    /// <summary>The value of the caller's variant, or the flag's fallback. Of a <c>Flag&lt;bool&gt;</c> without variants: whether it is on.</summary>
    T Value<T>(Flag<T> flag, FlagContext context);

    /// <summary>The answer with variant and reason.</summary>
    FlagDecision Evaluate(string name, FlagContext context);

    /// <summary>Whether a switch is on.</summary>
    bool IsSwitchOn(string name);

    /// <summary>Whether this question is one of the sampled ones; each question is drawn anew.</summary>
    bool IsSampled(string name);

    /// <summary>Why a flag answers as it does, in words. For people: it allocates.</summary>
    FlagExplanation Explain(string name, FlagContext context);

    /// <summary>Turns a flag for the code that runs in this asynchronous flow, until the answer is disposed of. For tests.</summary>
    /// <remarks>Goes along into what is awaited or started from here, and not into tests that run beside this one. The innermost wins.</remarks>
    IDisposable Override(string name, bool enabled);

    /// <inheritdoc cref="Override(string, bool)"/>
    /// <summary>Gives a declared flag a value for the code that runs in this asynchronous flow. For tests.</summary>
    IDisposable Override<T>(Flag<T> flag, T value);

    /// <inheritdoc cref="Override(string, bool)"/>
    /// <summary>Turns a switch for the code that runs in this asynchronous flow. For tests.</summary>
    IDisposable OverrideSwitch(string name, bool active);

    /// <inheritdoc cref="Override(string, bool)"/>
    /// <summary>Decides a sample for the code that runs in this asynchronous flow. For tests.</summary>
    IDisposable OverrideSample(string name, bool active);
}
