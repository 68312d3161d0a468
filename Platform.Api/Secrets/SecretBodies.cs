using Platform.Errors;
using Platform.Secrets;

namespace Platform.Api.Secrets;

/// <summary>What an operator wants.</summary>
/// <param name="Emergency">The value is known to somebody else: the version before is worth nothing at once.</param>
/// <param name="Reason">Why, for the audit trail.</param>
internal sealed record SecretRotateRequest(bool? Emergency, string? Reason);

/// <summary>Why an operator takes a rotation back.</summary>
/// <param name="Reason">For the audit trail.</param>
internal sealed record SecretRollbackRequest(string? Reason)
{
    private const int MaxReason = 500;

    public static string Check(string? reason)
    {
        var errors = new FieldErrors();
        var checkedReason = errors.Text("/reason", reason, MaxReason);
        errors.ThrowIfAny();
        return checkedReason!;
    }
}

/// <summary>Every secret.</summary>
internal sealed record SecretListResponse(IReadOnlyList<SecretResponse> Items);

/// <summary>How a secret stands. Holds no value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rotator">What rotates it.</param>
/// <param name="RotatedAt">When its version in use came into use.</param>
/// <param name="DueAt">When it is due for rotation.</param>
/// <param name="Automatic">Whether the schedule rotates it.</param>
/// <param name="Hosts">Hosts that follow secrets.</param>
/// <param name="HostsBehind">Those that have not taken the last change up.</param>
/// <param name="Orphans">Credentials that nobody keeps and that could not be made worthless.</param>
/// <param name="Versions">Those that are not retired.</param>
/// <param name="Rotation">The rotation that is not over, or the last one.</param>
internal sealed record SecretResponse(
    string Name,
    string Rotator,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? DueAt,
    bool Automatic,
    int Hosts,
    int HostsBehind,
    int Orphans,
    IReadOnlyList<SecretVersionResponse> Versions,
    SecretRotationResponse? Rotation)
{
    public static SecretResponse From(SecretDefinition definition, SecretStatus? status) => new(
        definition.Name,
        definition.Rotator,
        status?.RotatedAt,
        RotationRound.DueAt(definition, status),
        definition.Automatic,
        status?.Readers ?? 0,
        status?.Behind ?? 0,
        status?.Orphans ?? 0,
        [.. (status?.Versions ?? []).Select(version => new SecretVersionResponse(
            version.Id, version.Stage.ToString().ToLowerInvariant(), version.Reference, version.CreatedAt, version.PromotedAt))],
        status?.Rotation is { } rotation ? SecretRotationResponse.From(rotation) : null);
}

/// <summary>A version without its value.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Stage"><c>pending</c>, <c>current</c> or <c>previous</c>.</param>
/// <param name="Reference">What names the credential where it counts.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="PromotedAt">When it came into use.</param>
internal sealed record SecretVersionResponse(Guid Id, string Stage, string? Reference, DateTimeOffset CreatedAt, DateTimeOffset? PromotedAt);

/// <summary>A rotation.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">The new version's id.</param>
/// <param name="State"><c>requested</c>, <c>running</c>, <c>rollingback</c>, <c>overlapping</c>, <c>completed</c>, <c>rolledback</c> or <c>failed</c>.</param>
/// <param name="Step"><c>create</c>, <c>set</c>, <c>test</c>, <c>finish</c> or <c>retire</c>: what is intended next.</param>
/// <param name="Trigger">Why it began.</param>
/// <param name="Actor">Who asked for it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Attempts">How often the step failed.</param>
/// <param name="Error">With what, last.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When the new version came into use.</param>
/// <param name="RetireAt">Until when the version before is good.</param>
internal sealed record SecretRotationResponse(
    Guid Id,
    Guid Version,
    string State,
    string Step,
    string Trigger,
    string Actor,
    string? Reason,
    int Attempts,
    string? Error,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? RetireAt)
{
    public static SecretRotationResponse From(Rotation rotation) => new(
        rotation.Id,
        rotation.Version,
        rotation.State.ToString().ToLowerInvariant(),
        rotation.Step.ToString().ToLowerInvariant(),
        rotation.Trigger.ToString().ToLowerInvariant(),
        rotation.Actor,
        rotation.Reason,
        rotation.Attempts,
        rotation.Error,
        rotation.StartedAt,
        rotation.FinishedAt,
        rotation.RetireAt);
}

/// <summary>The rotations of a secret, the newest first.</summary>
internal sealed record SecretRotationListResponse(IReadOnlyList<SecretRotationResponse> Items);
