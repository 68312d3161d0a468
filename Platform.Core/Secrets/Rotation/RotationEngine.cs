using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.Identifiers;

namespace Platform.Secrets;

/// <summary>
/// Rotates secrets: create, set, test, finish, and after the overlap retire. What is intended is saved before the outside world changes, so that whoever
/// takes the lease next goes on where a crash left off, or takes it back. Thread safe.
/// </summary>
public sealed class RotationEngine
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);
    private static readonly TimeSpan ReaderPoll = TimeSpan.FromMilliseconds(25);

    // The overlapping one is the last that is not over, or the one before it.
    private const int RecentRotations = 10;

    private readonly SecretCatalog _catalog;
    private readonly IRotationStore _store;
    private readonly SecretEnvelope _envelope;
    private readonly Dictionary<string, ISecretRotator> _rotators;
    private readonly SecretsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RotationEngine> _logger;
    private readonly string _owner = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Takes what it works with.</summary>
    public RotationEngine(
        SecretCatalog catalog, IRotationStore store, SecretEnvelope envelope, IEnumerable<ISecretRotator> rotators,
        IOptions<SecretsOptions> options, TimeProvider time, ILogger<RotationEngine> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_catalog, _store, _envelope, _options, _time, _logger) = (catalog, store, envelope, options.Value, time, logger);
        _rotators = rotators.ToDictionary(rotator => rotator.Kind, StringComparer.Ordinal);
    }

    /// <summary>Whether there is a rotator for a secret here.</summary>
    public bool Knows(SecretDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return _rotators.ContainsKey(definition.Rotator);
    }

    /// <summary>Whether the schedule can rotate a secret by itself.</summary>
    public bool CanCreate(SecretDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return _rotators.GetValueOrDefault(definition.Rotator)?.CanCreate(definition) is true;
    }

    /// <summary>Says what a rotation would do, and whether it could; changes nothing.</summary>
    /// <exception cref="RotationException">It could not.</exception>
    public async Task<IReadOnlyList<string>> PlanAsync(string name, bool emergency, CancellationToken cancellationToken)
    {
        var definition = _catalog.Get(name);
        var rotator = Rotator(definition);
        var context = new RotationContext(definition, Uuid7.Next(_time), new SecretLease(name, 0), emergency, await OpenAsync(name, cancellationToken));
        return await GuardAsync(() => rotator.PlanAsync(context, cancellationToken));
    }

    /// <summary>Makes a rotation that an operator asks for, to be saved with <see cref="IRotationStore.RequestAsync"/> or run here.</summary>
    public Rotation Ask(string name, RotationTrigger trigger, string actor, string? reason) => New(name, trigger, actor, reason);

    /// <summary>Begins a rotation and runs it as far as it goes now: to its end, or into the overlap.</summary>
    /// <exception cref="ErrorException">Another is under way or overlapping, or another process has the lease.</exception>
    /// <exception cref="RotationException">A step failed; workers go on with it.</exception>
    public async Task<Rotation> RotateAsync(
        string name, RotationTrigger trigger, string actor, string? reason, NewSecret? supplied, CancellationToken cancellationToken)
    {
        var rotator = Rotator(_catalog.Get(name));
        return await UnderLeaseAsync(name, async lease =>
        {
            var unfinished = await UnfinishedAsync(name, cancellationToken);
            if (unfinished?.State is RotationState.Overlapping && trigger is RotationTrigger.Emergency)
            {
                // The version before goes at once: there is room for one.
                await RetireAsync(lease, rotator, unfinished with { Trigger = RotationTrigger.Emergency }, cancellationToken);
                unfinished = null;
            }
            else if (unfinished?.State is RotationState.Overlapping
                && unfinished.RetireAt <= await _store.NowAsync(cancellationToken)
                && (await RetireAsync(lease, rotator, unfinished, cancellationToken)).State is RotationState.Completed)
            {
                unfinished = null;
            }

            if (unfinished is not null)
            {
                throw ErrorException.NotAllowed("secret", name, unfinished.State is RotationState.Overlapping
                    ? $"The version before is good until {unfinished.RetireAt:u}: wait, roll back, or rotate as an emergency."
                    : "A rotation is under way.");
            }

            var rotation = New(name, trigger, actor, reason) with
            {
                State = RotationState.Running,
                Step = supplied is null ? RotationStep.Create : RotationStep.Set,
            };
            var given = supplied is null ? null : await SealAsync(rotation, supplied, cancellationToken);
            await _store.BeginAsync(lease, rotation, given, cancellationToken);
            Log.RotationBegins(_logger, name, rotation.Version, trigger);
            return await RunAsync(lease, rotator, rotation, cancellationToken);
        }, cancellationToken) ?? throw Busy(name);
    }

    /// <summary>Goes on with what is not over. Null where nothing is, or another process is at it.</summary>
    public Task<Rotation?> ResumeAsync(string name, CancellationToken cancellationToken)
    {
        var rotator = Rotator(_catalog.Get(name));
        return UnderLeaseAsync(name, async lease =>
        {
            if (await UnfinishedAsync(name, cancellationToken) is not { } rotation)
            {
                return null;
            }

            Log.RotationResumes(_logger, name, rotation.Version, rotation.Step);
            return await RunAsync(lease, rotator, rotation, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Takes back what is under way, or goes back to the version before while that is good.</summary>
    /// <exception cref="ErrorException">There is nothing to go back to, or another process has the lease.</exception>
    public async Task<Rotation> RollBackAsync(string name, string actor, string? reason, CancellationToken cancellationToken)
    {
        var rotator = Rotator(_catalog.Get(name));
        if (!await _store.RequestRollbackAsync(name, actor, reason, cancellationToken))
        {
            throw ErrorException.NotAllowed("secret", name, "Nothing is under way, and no version before is good any more: rotate again instead.");
        }

        return await UnderLeaseAsync(name, async lease =>
            await UnfinishedAsync(name, cancellationToken) is { } rotation
                ? await RunAsync(lease, rotator, rotation, cancellationToken)
                : (await _store.HistoryAsync(name, 1, cancellationToken))[0], cancellationToken) ?? throw Busy(name);
    }

    /// <summary>Looks for credentials that nobody keeps, and makes them worthless.</summary>
    /// <returns>How many were found and removed, and how many are left.</returns>
    public async Task<(int Removed, int Left)> CleanAsync(string name, CancellationToken cancellationToken)
    {
        var definition = _catalog.Get(name);
        var rotator = Rotator(definition);
        var (removed, left) = (0, 0);
        await UnderLeaseAsync(name, async lease =>
        {
            // What a rotation is at work on may be between two of its steps.
            if (await UnfinishedAsync(name, cancellationToken) is { State: not RotationState.Overlapping })
            {
                return null;
            }

            var context = new RotationContext(definition, Guid.Empty, lease, false, await OpenAsync(name, cancellationToken));
            var found = await rotator.FindOrphansAsync(context, cancellationToken);
            foreach (var reference in found)
            {
                var gone = false;
                try
                {
                    await rotator.RemoveOrphanAsync(context, reference, cancellationToken);
                    gone = true;
                    removed++;
                }
                catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or LeaseLostException))
                {
                    left++;
                }

                Report(name, reference, gone);
                await _store.ReportOrphanAsync(lease, reference, gone, left, cancellationToken);
            }

            return null;
        }, cancellationToken);
        return (removed, left);
    }

    private async Task<Rotation> RunAsync(SecretLease lease, ISecretRotator rotator, Rotation rotation, CancellationToken cancellationToken)
    {
        if (rotation.State is RotationState.Requested)
        {
            if (rotation.IsEmergency && (await _store.HistoryAsync(rotation.Name, RecentRotations, cancellationToken)).FirstOrDefault(one => one.State is RotationState.Overlapping) is { } overlapping)
            {
                await RetireAsync(lease, rotator, overlapping with { Trigger = RotationTrigger.Emergency }, cancellationToken);
            }

            var asked = rotation;
            rotation = rotation with { State = RotationState.Running };
            await _store.BeginAsync(lease, rotation, null, cancellationToken);
            Log.RotationBegins(_logger, asked.Name, asked.Version, asked.Trigger);
        }

        while (rotation.State is RotationState.Running or RotationState.RollingBack)
        {
            await _store.RenewAsync(lease, _options.Lease, cancellationToken);
            rotation = await StepAsync(lease, rotator, rotation, cancellationToken);
        }

        if (rotation.State is RotationState.Overlapping
            && (rotation.IsEmergency || rotation.RetireAt <= await _store.NowAsync(cancellationToken)))
        {
            await _store.RenewAsync(lease, _options.Lease, cancellationToken);
            rotation = await RetireAsync(lease, rotator, rotation, cancellationToken);
        }

        return rotation;
    }

    private async Task<Rotation> StepAsync(SecretLease lease, ISecretRotator rotator, Rotation rotation, CancellationToken cancellationToken)
    {
        // A step that outlived the lease would race whoever goes on with it.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), limit, _options.Lease * 0.66, Timeout.InfiniteTimeSpan);
        using var activity = Telemetry.Source.StartActivity($"rotate {rotation.Step}".ToLowerInvariant());
        activity?.SetTag(Telemetry.NameTag, rotation.Name);
        var began = _time.GetTimestamp();
        try
        {
            return await OneAsync(lease, rotator, rotation, limit.Token);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or LeaseLostException) && !cancellationToken.IsCancellationRequested)
        {
            var error = Told(e);
            activity?.SetStatus(ActivityStatusCode.Error, error);
            await FailAsync(lease, rotation, error, cancellationToken);
            throw new RotationException($"{rotation.Name}, step {rotation.Step}: {error}", e);
        }
        finally
        {
            Telemetry.StepDuration.Record(
                _time.GetElapsedTime(began).TotalSeconds,
                new KeyValuePair<string, object?>(Telemetry.NameTag, rotation.Name),
                new KeyValuePair<string, object?>(Telemetry.StepTag, rotation.Step.ToString().ToLowerInvariant()));
        }
    }

    private async Task<Rotation> OneAsync(SecretLease lease, ISecretRotator rotator, Rotation rotation, CancellationToken cancellationToken)
    {
        var context = await ContextAsync(lease, rotation, cancellationToken);
        if (rotation.State is RotationState.RollingBack)
        {
            return await BackAsync(lease, rotator, rotation, context, cancellationToken);
        }

        var pending = context.Versions.FirstOrDefault(version => version.Stage is SecretStage.Pending);
        switch (rotation.Step)
        {
            case RotationStep.Create:
                var made = await SealAsync(rotation, await rotator.CreateAsync(context, cancellationToken), cancellationToken);
                await _store.AdvanceAsync(lease, rotation, RotationStep.Set, made, cancellationToken);
                return Next(rotation, RotationStep.Set);
            case RotationStep.Set:
                // Who checks what others send accepts the new value before anybody sends it.
                await TakenUpAsync(rotation, cancellationToken);
                await rotator.SetAsync(context, Known(pending), cancellationToken);
                await _store.AdvanceAsync(lease, rotation, RotationStep.Test, null, cancellationToken);
                return Next(rotation, RotationStep.Test);
            case RotationStep.Test:
                // Who checks what others send knows what was set, such as a published key, before anybody uses it.
                await TakenUpAsync(rotation, cancellationToken);
                await rotator.TestAsync(context, Known(pending), cancellationToken);
                await _store.AdvanceAsync(lease, rotation, RotationStep.Finish, null, cancellationToken);
                return Next(rotation, RotationStep.Finish);
            default:
                await rotator.FinishAsync(context, Known(pending), cancellationToken);
                var retireAt = await _store.NowAsync(cancellationToken) + (rotation.IsEmergency ? TimeSpan.Zero : context.Definition.Overlap);
                await _store.PromoteAsync(lease, rotation, retireAt, cancellationToken);
                Log.Promoted(_logger, rotation.Name, rotation.Version);
                return rotation with { State = RotationState.Overlapping, Step = RotationStep.Retire, Attempts = 0, Error = null, RetireAt = retireAt };
        }
    }

    private async Task<Rotation> BackAsync(
        SecretLease lease, ISecretRotator rotator, Rotation rotation, RotationContext context, CancellationToken cancellationToken)
    {
        if (rotation.Step is RotationStep.Retire)
        {
            var previous = context.Previous ?? throw new RotationException("There is no version before any more.");
            await rotator.RestoreAsync(context, previous, cancellationToken);
            var retireAt = await _store.NowAsync(cancellationToken) + context.Definition.Overlap;
            await _store.RestoreAsync(lease, rotation, retireAt, cancellationToken);
            Count(rotation, "rolled_back");
            Log.RolledBack(_logger, rotation.Name, rotation.Version);
            return rotation with { State = RotationState.Overlapping, RetireAt = retireAt };
        }

        var pending = context.Versions.FirstOrDefault(version => version.Stage is SecretStage.Pending);
        await rotator.DiscardAsync(context, pending, cancellationToken);
        var end = rotation.Error is null ? RotationState.RolledBack : RotationState.Failed;
        await _store.DiscardAsync(lease, rotation, end, cancellationToken);
        Count(rotation, end is RotationState.Failed ? "failed" : "rolled_back");
        Log.RolledBack(_logger, rotation.Name, rotation.Version);
        return rotation with { State = end };
    }

    private async Task<Rotation> RetireAsync(SecretLease lease, ISecretRotator rotator, Rotation rotation, CancellationToken cancellationToken)
    {
        try
        {
            var context = await ContextAsync(lease, rotation, cancellationToken);
            var now = await _store.NowAsync(cancellationToken);
            if (!rotation.IsEmergency && await rotator.NeededUntilAsync(context, cancellationToken) is { } needed && needed > now)
            {
                await _store.PostponeAsync(lease, rotation, needed, cancellationToken);
                return rotation with { RetireAt = needed };
            }

            if (rotation.IsEmergency)
            {
                // Whoever has not heard of it by then loses: that is what an emergency is.
                await WaitForReadersAsync(rotation.Name, cancellationToken);
            }
            else
            {
                await TakenUpAsync(rotation, cancellationToken);
            }

            await rotator.RetireAsync(context, context.Previous, cancellationToken);
            await _store.CompleteAsync(lease, rotation, cancellationToken);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or LeaseLostException) && !cancellationToken.IsCancellationRequested)
        {
            var error = Told(e);
            await FailAsync(lease, rotation, error, cancellationToken);
            throw new RotationException($"{rotation.Name}, step {rotation.Step}: {error}", e);
        }

        Count(rotation, "completed");
        Log.Retired(_logger, rotation.Name, rotation.Version);
        return rotation with { State = RotationState.Completed };
    }

    private async Task TakenUpAsync(Rotation rotation, CancellationToken cancellationToken)
    {
        if (!await WaitForReadersAsync(rotation.Name, cancellationToken) && !rotation.IsEmergency)
        {
            throw new RotationException("A host that lives has not taken the last change up.");
        }
    }

    private async Task<bool> WaitForReadersAsync(string name, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (!await _store.IsTakenUpAsync(name, cancellationToken))
        {
            if (_time.GetElapsedTime(began) > (_options.ReaderWait < _options.Lease / 2 ? _options.ReaderWait : _options.Lease / 2))
            {
                return false;
            }

            await Task.Delay(ReaderPoll, _time, cancellationToken);
        }

        return true;
    }

    private async Task FailAsync(SecretLease lease, Rotation rotation, string error, CancellationToken cancellationToken)
    {
        // Past the point where it can be taken back, or on the way back, it is tried for ever.
        var attempt = rotation.Attempts + 1;
        var giveUp = rotation.State is RotationState.Running && attempt >= _options.MaxAttempts;
        var wait = _options.RetryDelay * Math.Pow(2, Math.Min(attempt - 1, 20));
        await _store.FailAsync(lease, rotation, error, wait < LongestRetry ? wait : LongestRetry, giveUp, cancellationToken);
        Telemetry.StepFailures.Add(
            1,
            new KeyValuePair<string, object?>(Telemetry.NameTag, rotation.Name),
            new KeyValuePair<string, object?>(Telemetry.StepTag, rotation.Step.ToString().ToLowerInvariant()));
        if (giveUp)
        {
            Log.GivenUp(_logger, rotation.Name, rotation.Step, error);
        }
        else
        {
            Log.StepFailed(_logger, rotation.Name, rotation.Step, attempt, error);
        }
    }

    private async Task<RotationContext> ContextAsync(SecretLease lease, Rotation rotation, CancellationToken cancellationToken) =>
        new(_catalog.Get(rotation.Name), rotation.Version, lease, rotation.IsEmergency, await OpenAsync(rotation.Name, cancellationToken))
        {
            OrphanRemoved = reference => Report(rotation.Name, reference, removed: true),
        };

    private void Report(string name, string reference, bool removed)
    {
        Log.Orphan(_logger, name, reference, removed);
        if (removed)
        {
            Telemetry.OrphansRemoved.Add(1, new KeyValuePair<string, object?>(Telemetry.NameTag, name));
        }
    }

    private async Task<IReadOnlyList<SecretVersion>> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var versions = new List<SecretVersion>();
        foreach (var version in (await _store.ReadAsync(name, cancellationToken))?.Versions ?? [])
        {
            var value = await _envelope.OpenAsync(name, version.Id, version.Sealed, cancellationToken);
            versions.Add(new SecretVersion(version.Id, version.Stage, Encoding.UTF8.GetString(value), version.Reference));
            CryptographicOperations.ZeroMemory(value);
        }

        return versions;
    }

    private async Task<StoredVersion> SealAsync(Rotation rotation, NewSecret made, CancellationToken cancellationToken) => new(
        rotation.Version,
        SecretStage.Pending,
        await _envelope.SealAsync(rotation.Name, rotation.Version, Encoding.UTF8.GetBytes(made.Value), cancellationToken),
        made.Reference);

    private async Task<Rotation?> UnfinishedAsync(string name, CancellationToken cancellationToken) =>
        (await _store.StatusAsync(name, cancellationToken)) is [{ Rotation: { State: < RotationState.Completed } rotation }] ? rotation : null;

    private async Task<Rotation?> UnderLeaseAsync(string name, Func<SecretLease, Task<Rotation?>> work, CancellationToken cancellationToken)
    {
        if (await _store.TakeAsync(name, _owner, _options.Lease, cancellationToken) is not { } lease)
        {
            return null;
        }

        try
        {
            return await work(lease);
        }
        finally
        {
            await _store.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    private Rotation New(string name, RotationTrigger trigger, string actor, string? reason)
    {
        var now = _time.GetUtcNow();
        return new Rotation
        {
            Id = Uuid7.Next(_time),
            Name = _catalog.Get(name).Name,
            Version = Uuid7.Next(_time),
            State = RotationState.Requested,
            Step = RotationStep.Create,
            Trigger = trigger,
            Actor = actor,
            Reason = reason,
            StartedAt = now,
            StepAt = now,
        };
    }

    private ISecretRotator Rotator(SecretDefinition definition) => _rotators.GetValueOrDefault(definition.Rotator)
        ?? throw ErrorException.NotAllowed("secret", definition.Name, $"There is no rotator '{definition.Rotator}' in this host.");

    private static Rotation Next(Rotation rotation, RotationStep step) => rotation with { Step = step, Attempts = 0, Error = null };

    private static SecretVersion Known(SecretVersion? pending) => pending ?? throw new RotationException("The pending version is not there.");

    private static void Count(Rotation rotation, string outcome) => Telemetry.Rotations.Add(
        1,
        new KeyValuePair<string, object?>(Telemetry.NameTag, rotation.Name),
        new KeyValuePair<string, object?>(Telemetry.OutcomeTag, outcome),
        new KeyValuePair<string, object?>(Telemetry.TriggerTag, rotation.Trigger.ToString().ToLowerInvariant()));

    private static ErrorException Busy(string name) => ErrorException.NotAllowed("secret", name, "Another process is rotating it.");

    private static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or ErrorException or RotationException))
        {
            throw new RotationException(Told(e), e);
        }
    }

    // A library's message may quote what it was given.
    private static string Told(Exception exception) => exception switch
    {
        RotationException or ErrorException or CryptographicException or InvalidOperationException { InnerException: null } => exception.Message,
        OperationCanceledException => "It took too long.",
        _ => exception.GetType().Name,
    };
}
