namespace Platform.Benchmarks.Wolverine;

/// <summary>How an event gets to its handler.</summary>
public enum WolverineRoute
{
    /// <summary>PostgreSQL queue with durable outbox and inbox; the handler writes with plain Npgsql, one round trip, one transaction.</summary>
    Queue,

    /// <summary>As <see cref="Queue"/>; the handler writes through EF, as Platform's does.</summary>
    QueueEf,

    /// <summary>Durable local queue: sender and handler are the same process.</summary>
    Local,

    /// <summary>As <see cref="Queue"/>; the handler takes arrays of up to 500 events and writes each array through EF in one transaction.</summary>
    Batch,
}
