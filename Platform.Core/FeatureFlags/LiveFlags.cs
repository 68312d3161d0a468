namespace Platform.FeatureFlags;

/// <summary>The flags of a process: a snapshot that is exchanged as a whole, so that a question sees the old or the new one, never a mixture.</summary>
public sealed class LiveFlags : IFeatureFlags
{
    private FlagSnapshot _snapshot;
    private FlagTelemetry? _telemetry;
    private TaskCompletionSource _replaced = NewSignal();

    /// <summary>Begins with a snapshot.</summary>
    public LiveFlags(FlagSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _snapshot = snapshot;
    }

    /// <summary>Raised after a snapshot was taken into use, on the thread that did so; handlers must be quick and must not throw.</summary>
    public event Action<FlagSnapshot>? Changed;

    /// <inheritdoc/>
    public FlagSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Tells somebody of evaluations from now on.</summary>
    public void Tell(FlagTelemetry telemetry)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        Volatile.Write(ref _telemetry, telemetry);
    }

    /// <summary>Takes a snapshot into use, unless it is older than the present one.</summary>
    /// <returns>False when it is older, by <see cref="FlagSnapshot.Version"/>: changes may arrive out of order.</returns>
    public bool Publish(FlagSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        while (true)
        {
            var present = Snapshot;
            if (snapshot.Version < present.Version)
            {
                return false;
            }

            if (ReferenceEquals(Interlocked.CompareExchange(ref _snapshot, snapshot, present), present))
            {
                Tell(snapshot);
                return true;
            }
        }
    }

    /// <summary>How often flags were asked in this process since the last call, by name; those that were not are not among them. One caller at a time.</summary>
    public IReadOnlyDictionary<string, long> TakeAsked() => Snapshot.TakeAsked();

    /// <summary>Waits until another snapshot than <paramref name="seen"/> answers. Several changes in a row are one.</summary>
    public Task WaitForChangeAsync(FlagSnapshot seen, CancellationToken cancellationToken)
    {
        // The signal first: what is published after this line completes it.
        var signal = Volatile.Read(ref _replaced);
        return ReferenceEquals(Snapshot, seen) ? signal.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Takes a snapshot into use whatever its version: where the present one came from another place, such as a file of an earlier run.</summary>
    public void Replace(FlagSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Volatile.Write(ref _snapshot, snapshot);
        Tell(snapshot);
    }

    /// <inheritdoc/>
    public bool IsEnabled(string name, FlagContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (FlagOverrides.InUse && FlagOverrides.Find(this, FlagOverrides.Kind.Flag, name) is { } entry)
        {
            return entry.Enabled;
        }

        var snapshot = Snapshot;
        if (_telemetry is { Listens: true } telemetry)
        {
            return Told(telemetry, name, snapshot.Find(name), snapshot, context).Enabled;
        }

        return snapshot.Find(name) is { } flag ? IsEnabled(flag, context) : snapshot.Options.FlagDefault;
    }

    /// <inheritdoc/>
    public bool IsEnabled<T>(Flag<T> flag, FlagContext context)
    {
        ArgumentNullException.ThrowIfNull(flag);
        ArgumentNullException.ThrowIfNull(context);
        if (FlagOverrides.InUse && FlagOverrides.Find(this, FlagOverrides.Kind.Flag, flag.Name) is { } entry)
        {
            return entry.Enabled;
        }

        var snapshot = Snapshot;
        if (_telemetry is { Listens: true } telemetry)
        {
            return Told(telemetry, flag.Name, flag.In(snapshot), snapshot, context).Enabled;
        }

        return flag.In(snapshot) is { } compiled ? IsEnabled(compiled, context) : snapshot.Options.FlagDefault;
    }

    /// <inheritdoc/>
    public T Value<T>(Flag<T> flag, FlagContext context)
    {
        ArgumentNullException.ThrowIfNull(flag);
        ArgumentNullException.ThrowIfNull(context);
        if (FlagOverrides.InUse && FlagOverrides.Find(this, FlagOverrides.Kind.Flag, flag.Name) is { } entry)
        {
            return entry.Value is T value ? value : OnOff(entry.Enabled, flag.Fallback);
        }

        var snapshot = Snapshot;
        if (flag.In(snapshot) is not { } compiled)
        {
            return OnOff(snapshot.Options.FlagDefault, flag.Fallback);
        }

        var decision = _telemetry is { Listens: true } telemetry ? Told(telemetry, flag.Name, compiled, snapshot, context) : Asked(compiled, snapshot, context);
        if (decision.Variant is { } variant && variant.TryRead<T>(out var read))
        {
            return read!;
        }

        return OnOff(decision.Enabled, flag.Fallback);
    }

    /// <inheritdoc/>
    public FlagDecision Evaluate(string name, FlagContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (FlagOverrides.InUse && FlagOverrides.Find(this, FlagOverrides.Kind.Flag, name) is { } entry)
        {
            return new FlagDecision(new Verdict(entry.Enabled, FlagReason.Overridden));
        }

        var snapshot = Snapshot;
        var flag = snapshot.Find(name);
        return _telemetry is { Listens: true } telemetry ? Told(telemetry, name, flag, snapshot, context) : Asked(flag, snapshot, context);
    }

    /// <inheritdoc/>
    public bool IsSwitchOn(string name) =>
        FlagOverrides.InUse && FlagOverrides.Find(this, FlagOverrides.Kind.Switch, name) is { } entry ? entry.Enabled : Snapshot.IsSwitchOn(name);

    /// <inheritdoc/>
    public bool IsSampled(string name) =>
        FlagOverrides.InUse && FlagOverrides.Find(this, FlagOverrides.Kind.Sample, name) is { } entry ? entry.Enabled : Snapshot.IsSampled(name);

    /// <inheritdoc/>
    public FlagExplanation Explain(string name, FlagContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var explanation = Snapshot.Explain(name, context);
        return FlagOverrides.Find(this, FlagOverrides.Kind.Flag, name) is { } entry
            ? explanation with { Enabled = entry.Enabled, Variant = null, Reason = FlagReason.Overridden, Detail = "A test overrides the flag." }
            : explanation;
    }

    /// <inheritdoc/>
    public IDisposable Override(string name, bool enabled) => FlagOverrides.Push(this, FlagOverrides.Kind.Flag, name, enabled);

    /// <inheritdoc/>
    public IDisposable Override<T>(Flag<T> flag, T value)
    {
        ArgumentNullException.ThrowIfNull(flag);
        return FlagOverrides.Push(this, FlagOverrides.Kind.Flag, flag.Name, value is not false, value);
    }

    /// <inheritdoc/>
    public IDisposable OverrideSwitch(string name, bool active) => FlagOverrides.Push(this, FlagOverrides.Kind.Switch, name, active);

    /// <inheritdoc/>
    public IDisposable OverrideSample(string name, bool active) => FlagOverrides.Push(this, FlagOverrides.Kind.Sample, name, active);

    private void Tell(FlagSnapshot snapshot)
    {
        Interlocked.Exchange(ref _replaced, NewSignal()).TrySetResult();
        Changed?.Invoke(snapshot);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static FlagDecision Asked(CompiledFlag? flag, FlagSnapshot snapshot, FlagContext context)
    {
        flag?.Asked.Add();
        return snapshot.Answer(flag, context);
    }

    private static FlagDecision Told(FlagTelemetry telemetry, string name, CompiledFlag? flag, FlagSnapshot snapshot, FlagContext context)
    {
        var decision = Asked(flag, snapshot, context);
        telemetry.Tell(name, decision, snapshot.Version);
        return decision;
    }

    private static bool IsEnabled(CompiledFlag flag, FlagContext context)
    {
        flag.Asked.Add();
        return flag.Constant ?? flag.Decide(context).Enabled;
    }

    private static T OnOff<T>(bool enabled, T fallback) => enabled is T value ? value : fallback;
}
