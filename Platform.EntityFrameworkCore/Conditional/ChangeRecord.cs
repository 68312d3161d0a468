namespace Platform.EntityFrameworkCore.Conditional;

/// <summary>One change of one resource, written by a trigger in the transaction that made it.</summary>
internal sealed class ChangeRecord
{
    /// <summary>The transaction; never used again (PostgreSQL's <c>xid8</c>).</summary>
    public ulong TransactionId { get; set; }

    /// <summary>Orders the changes of one transaction.</summary>
    public long Position { get; set; }

    /// <summary>The kind of resource: <c>order</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Its id.</summary>
    public Guid ResourceId { get; set; }

    /// <summary>Whether it is gone.</summary>
    public bool Deleted { get; set; }

    /// <summary>When, by the database's clock.</summary>
    public DateTimeOffset ChangedAt { get; set; }
}
