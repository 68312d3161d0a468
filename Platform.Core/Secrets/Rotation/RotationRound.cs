using Microsoft.Extensions.Logging;

namespace Platform.Secrets;

/// <summary>One look at all secrets: goes on with what is unfinished, begins what is due, retires what is over, tells of what will be due, and cleans up.</summary>
public sealed class RotationRound(
    SecretCatalog catalog, IRotationStore store, SecretEnvelope envelope, IKeyEncryptionKeys keys, RotationEngine engine, TimeProvider time, ILogger<RotationRound> logger)
    : IDisposable
{
    private const string Actor = "schedule";

    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, long> _cleaned = new(StringComparer.Ordinal);

    /// <summary>Looks once. One secret that fails does not keep the others from being looked after.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!keys.Available)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            await LookAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (await store.RewrapAsync(envelope, Actor, cancellationToken) is > 0 and var rewrapped)
        {
            Log.Rewrapped(logger, rewrapped);
        }

        var known = (await store.StatusAsync(null, cancellationToken)).ToDictionary(status => status.Name, StringComparer.Ordinal);
        foreach (var definition in catalog.All.Where(engine.Knows))
        {
            try
            {
                await LookAfterAsync(definition, known.GetValueOrDefault(definition.Name), cancellationToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                // What a rotation's step failed with is logged and kept by the engine.
                if (e is not (RotationException or LeaseLostException))
                {
                    Log.NotLookedAfter(logger, definition.Name, e.GetType().Name, e);
                }
            }

            await ObserveAsync(definition, cancellationToken);
        }
    }

    /// <summary>When the version in use is due, or null before the first.</summary>
    public static DateTimeOffset? DueAt(SecretDefinition definition, SecretStatus? status)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return status?.RotatedAt is { } rotated ? definition.DueAfter(rotated) : null;
    }

    private async Task LookAfterAsync(SecretDefinition definition, SecretStatus? status, CancellationToken cancellationToken)
    {
        var now = await store.NowAsync(cancellationToken);
        if (status?.Rotation is { State: < RotationState.Completed } rotation)
        {
            var waits = rotation.NextTryAt > now || (rotation.State is RotationState.Overlapping && rotation.RetireAt > now);
            if (!waits)
            {
                await engine.ResumeAsync(definition.Name, cancellationToken);
            }

            if (rotation.State is not RotationState.Overlapping)
            {
                return;
            }
        }

        var due = DueAt(definition, status);
        if ((due is null || due <= now) && definition.Automatic && engine.CanCreate(definition) && status?.Rotation is null or { State: >= RotationState.Completed } && !RecentlyFailed(status, now))
        {
            await engine.RotateAsync(
                definition.Name, due is null ? RotationTrigger.Initial : RotationTrigger.Schedule, Actor, null, null, cancellationToken);
        }
        else if (due is { } at && at - definition.NotifyBefore <= now && status?.Versions.FirstOrDefault(version => version.Stage is SecretStage.Current) is { } current
            && status.NotifiedFor != current.Id)
        {
            await TellAsync(definition, current.Id, at, cancellationToken);
        }

        await CleanAsync(definition, cancellationToken);
    }

    // What was given up is not begun again at once, for ever.
    private static bool RecentlyFailed(SecretStatus? status, DateTimeOffset now) =>
        status?.Rotation is { State: RotationState.Failed } failed && failed.StepAt > now - TimeSpan.FromHours(6);

    private async Task TellAsync(SecretDefinition definition, Guid version, DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (await store.TakeAsync(definition.Name, Actor, TimeSpan.FromSeconds(10), cancellationToken) is not { } lease)
        {
            return;
        }

        var automatic = definition.Automatic && engine.CanCreate(definition);
        try
        {
            if (await store.NotifyAsync(lease, version, due, automatic, cancellationToken))
            {
                Log.Expiring(logger, definition.Name, due, automatic);
            }
        }
        finally
        {
            await store.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    private async Task CleanAsync(SecretDefinition definition, CancellationToken cancellationToken)
    {
        if (_cleaned.TryGetValue(definition.Name, out var last) && time.GetElapsedTime(last) < CleanEvery)
        {
            return;
        }

        await engine.CleanAsync(definition.Name, cancellationToken);
        _cleaned[definition.Name] = time.GetTimestamp();
    }

    private async Task ObserveAsync(SecretDefinition definition, CancellationToken cancellationToken)
    {
        if (await store.StatusAsync(definition.Name, cancellationToken) is not [var status])
        {
            return;
        }

        var now = await store.NowAsync(cancellationToken);
        Telemetry.Observe(definition.Name, new SecretHealth(
            (now - status.RotatedAt)?.TotalSeconds,
            status.RotatedAt is null ? null : Math.Min((definition.DueAfter(status.RotatedAt.Value) - now).TotalSeconds, TimeSpan.FromDays(3650).TotalSeconds),
            status.Rotation is { State: RotationState.Failed } or { Error: not null, State: < RotationState.Completed },
            status.Orphans,
            status.Behind));
    }
}
