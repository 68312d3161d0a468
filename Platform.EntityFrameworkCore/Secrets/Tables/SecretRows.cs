namespace Platform.EntityFrameworkCore.Secrets.Tables;

// A row of core_secret: one secret, and who may change it now.
internal sealed class SecretRow
{
    public required string Name { get; init; }

    // Grows with every change of its versions; hosts say which they have taken up.
    public required long Generation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public Guid? NotifiedFor { get; init; }

    public required int Orphans { get; init; }

    public string? LeaseOwner { get; init; }

    public required long LeaseToken { get; init; }

    public required DateTimeOffset LeaseExpiresAt { get; init; }
}

// A row of core_secret_version. What is retired is wiped, and stays for the record.
internal sealed class SecretVersionRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required short Stage { get; init; }

    public required string KeyId { get; init; }

    public byte[]? WrappedKey { get; init; }

    public byte[]? Box { get; init; }

    public string? Reference { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PromotedAt { get; init; }

    public DateTimeOffset? RetiredAt { get; init; }
}

// A row of core_secret_rotation: what is intended, saved before it is done.
internal sealed class SecretRotationRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required Guid Version { get; init; }

    public required short State { get; init; }

    public required short Step { get; init; }

    public required short Trigger { get; init; }

    public required string Actor { get; init; }

    public string? Reason { get; init; }

    public required int Attempts { get; init; }

    public string? Error { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset StepAt { get; init; }

    public DateTimeOffset? NextTryAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? RetireAt { get; init; }
}

// A row of core_secret_reader: a process that follows secrets, and how far it is.
internal sealed class SecretReaderRow
{
    public required Guid Replica { get; init; }

    public required string Service { get; init; }

    public required string Generations { get; init; }

    public required DateTimeOffset SeenAt { get; init; }
}
