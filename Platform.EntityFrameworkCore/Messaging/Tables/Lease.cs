namespace Platform.EntityFrameworkCore.Messaging.Tables;

/// <summary>A row of <c>core_lease</c>: who may run a recurring job, until when, and when it is due.</summary>
internal sealed class Lease
{
    public required string Name { get; init; }

    public string? Owner { get; init; }

    /// <summary>Raised with each new holder.</summary>
    public long Token { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public string? Schedule { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? LastError { get; init; }
}
