namespace Platform.Secrets;

/// <summary>The steps of a rotation, in order.</summary>
public enum RotationStep
{
    /// <summary>Make the new credential.</summary>
    Create,

    /// <summary>Make it good, beside the current one.</summary>
    Set,

    /// <summary>Use it.</summary>
    Test,

    /// <summary>Make it the current one.</summary>
    Finish,

    /// <summary>Make the replaced one worthless.</summary>
    Retire,
}

/// <summary>How a rotation stands.</summary>
public enum RotationState
{
    /// <summary>An operator asked for it; no worker has begun.</summary>
    Requested,

    /// <summary>Under way, or to be gone on with.</summary>
    Running,

    /// <summary>On its way back.</summary>
    RollingBack,

    /// <summary>The new version is in use, the replaced one is good until the overlap is over.</summary>
    Overlapping,

    /// <summary>Over, and the replaced version is worth nothing.</summary>
    Completed,

    /// <summary>Taken back by an operator.</summary>
    RolledBack,

    /// <summary>Given up, and taken back.</summary>
    Failed,
}

/// <summary>Why a rotation began.</summary>
public enum RotationTrigger
{
    /// <summary>There was no version yet.</summary>
    Initial,

    /// <summary>It was due.</summary>
    Schedule,

    /// <summary>An operator asked for it.</summary>
    Operator,

    /// <summary>An operator gave the new value.</summary>
    Supplied,

    /// <summary>The value is known to somebody else.</summary>
    Emergency,
}

/// <summary>A rotation as it is stored: what is intended next. Holds no value.</summary>
public sealed record Rotation
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The secret.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the new version.</summary>
    public required Guid Version { get; init; }

    /// <summary>How it stands.</summary>
    public required RotationState State { get; init; }

    /// <summary>The step that is intended, and may have begun.</summary>
    public required RotationStep Step { get; init; }

    /// <summary>Why it began.</summary>
    public required RotationTrigger Trigger { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, for a person.</summary>
    public string? Reason { get; init; }

    /// <summary>How often the present step has failed.</summary>
    public int Attempts { get; init; }

    /// <summary>What went wrong last.</summary>
    public string? Error { get; init; }

    /// <summary>When it began, or was asked for.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the present step was intended.</summary>
    public required DateTimeOffset StepAt { get; init; }

    /// <summary>It is not tried again before.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>When the new version came into use.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When the replaced version is to be made worthless.</summary>
    public DateTimeOffset? RetireAt { get; init; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmergency => Trigger is RotationTrigger.Emergency;
}

/// <summary>How a secret stands. Holds no value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Generation">Grows with every change of its versions.</param>
/// <param name="CreatedAt">When it was first known.</param>
/// <param name="RotatedAt">When its current version came into use; null before the first.</param>
/// <param name="NotifiedFor">The version of which people were told that it is due.</param>
/// <param name="Orphans">How many credentials were found that nobody keeps.</param>
/// <param name="Versions">All that are not retired.</param>
/// <param name="Rotation">The rotation that is not over, or the last one.</param>
/// <param name="Readers">Hosts that live and follow secrets.</param>
/// <param name="Behind">Those of them that have not taken the last change up.</param>
public sealed record SecretStatus(
    string Name,
    long Generation,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RotatedAt,
    Guid? NotifiedFor,
    int Orphans,
    IReadOnlyList<VersionStatus> Versions,
    Rotation? Rotation,
    int Readers,
    int Behind);

/// <summary>A version without its value.</summary>
public sealed record VersionStatus(Guid Id, SecretStage Stage, string KeyId, string? Reference, DateTimeOffset CreatedAt, DateTimeOffset? PromotedAt);
