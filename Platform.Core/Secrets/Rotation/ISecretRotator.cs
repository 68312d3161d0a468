namespace Platform.Secrets;

/// <summary>
/// Knows how one kind of secret is replaced: four steps, and how to take them back. A step may run again after a crash, with the same version id,
/// and has to come out the same; the intent of each is saved before it begins. Thread safe: it runs for several secrets at once.
/// </summary>
/// <remarks>A step has some two thirds of <see cref="SecretsOptions.Lease"/>. What it throws is told to operators by type alone, unless it is a <see cref="RotationException"/>.</remarks>
public interface ISecretRotator
{
    /// <summary>The word by which secrets name it: <c>postgres-role</c>.</summary>
    string Kind { get; }

    /// <summary>Whether it makes new values by itself. Where not, an operator gives them (<c>secrets set</c>), and the schedule only tells that one is due.</summary>
    bool CanCreate(SecretDefinition definition) => true;

    /// <summary>Looks whether a rotation could be done, and changes nothing: the dry run.</summary>
    /// <returns>What each step would do, for a person.</returns>
    Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken);

    /// <summary>Step 1: makes the new credential. It need not be good for anything yet.</summary>
    Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken);

    /// <summary>Step 2: makes it good, beside the current one. Hosts know it as pending by then.</summary>
    Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken);

    /// <summary>Step 3: uses it as its users will.</summary>
    /// <exception cref="RotationException">It does not work.</exception>
    Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken);

    /// <summary>Step 4: the last thing before it becomes the current version.</summary>
    Task FinishAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>When the replaced credential may be made worthless at the earliest, where the overlap is not all that counts; null otherwise.</summary>
    Task<DateTimeOffset?> NeededUntilAsync(RotationContext context, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    /// <summary>After the overlap: makes the replaced credential worthless.</summary>
    /// <param name="context">Holds the version that is current now.</param>
    /// <param name="previous">What it replaced; null where the first version replaced something that was not kept here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken);

    /// <summary>Takes steps 1 to 3 back.</summary>
    /// <param name="context">What it is about.</param>
    /// <param name="pending">Null where step 1 did not come to its end: something may be there all the same.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken);

    /// <summary>Takes step 4 back: the previous version is about to be the current one again.</summary>
    Task RestoreAsync(RotationContext context, SecretVersion previous, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Finds credentials that this made and nobody keeps any more.</summary>
    /// <returns>What names them where they count; never a value.</returns>
    Task<IReadOnlyList<string>> FindOrphansAsync(RotationContext context, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Makes one of them worthless.</summary>
    Task RemoveOrphanAsync(RotationContext context, string reference, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>What step 1 made.</summary>
/// <param name="Value">The value. Never logged.</param>
/// <param name="Reference">What names it where it counts; no secret, up to 300 characters.</param>
public sealed record NewSecret(string Value, string? Reference = null)
{
    /// <summary>The reference alone.</summary>
    public override string ToString() => Reference ?? "a new secret";
}

/// <summary>What a rotation is about.</summary>
/// <param name="Definition">The secret.</param>
/// <param name="Version">The id of the new version: the same at each try. Credentials carry it in their name, where they have one.</param>
/// <param name="Lease">The right to do it; who writes to the platform's database holds it in the same transaction.</param>
/// <param name="Emergency">The current value is known to somebody else: nothing waits for an overlap.</param>
/// <param name="Versions">What is kept: pending, current and previous.</param>
public sealed record RotationContext(
    SecretDefinition Definition, Guid Version, SecretLease Lease, bool Emergency, IReadOnlyList<SecretVersion> Versions)
{
    /// <summary>The version in use, or null before the first.</summary>
    public SecretVersion? Current => Versions.FirstOrDefault(version => version.Stage is SecretStage.Current);

    /// <summary>What is left of the version before.</summary>
    public SecretVersion? Previous => Versions.FirstOrDefault(version => version.Stage is SecretStage.Previous);

    /// <summary>Says that something was left over by a crash and is gone now.</summary>
    public Action<string> OrphanRemoved { get; init; } = static _ => { };

    /// <summary>Name and version alone.</summary>
    public override string ToString() => $"{Definition.Name} {Version}";
}

/// <summary>The right to change a secret.</summary>
/// <param name="Name">The secret.</param>
/// <param name="Token">Grows with each holder.</param>
public sealed record SecretLease(string Name, long Token);

/// <summary>A step did not work. The message is shown to operators and kept in the audit trail: nothing of a value may be in it.</summary>
/// <param name="message">Why.</param>
/// <param name="innerException">What caused it.</param>
public sealed class RotationException(string message, Exception? innerException = null) : Exception(message, innerException);
