namespace Platform.EntityFrameworkCore.PersistedDocuments;

/// <summary>A row of <c>core_persisted_document</c>.</summary>
internal sealed class PersistedDocumentRow
{
    public required string Id { get; init; }

    public required string Body { get; init; }

    public string? OperationName { get; init; }

    public bool Trusted { get; init; }

    public required string[] Clients { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public long Uses { get; init; }
}

/// <summary>A row of <c>core_unknown_operation</c>.</summary>
internal sealed class UnknownOperationRow
{
    public required string Id { get; init; }

    public required string Body { get; init; }

    public string? OperationName { get; init; }

    public string? Client { get; init; }

    public DateTimeOffset FirstSeenAt { get; init; }

    public DateTimeOffset LastSeenAt { get; init; }

    public long Count { get; init; }
}
