using Platform.Benchmarks.Outbox.Contract;
using static Platform.Benchmarks.Outbox.Measuring.PeerPrograms.Program;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>Who takes part, and with how many events.</summary>
/// <param name="Full">Backlog of the contenders that are quick.</param>
/// <param name="Slow">Backlog of Rebus, which gets slower as its table grows: fewer events are in its favour.</param>
/// <param name="Crawl">Backlog of Wolverine's defaults, 20 messages every 5 s.</param>
internal sealed record Contenders(int Full, int Slow, int Crawl)
{
    public Contender Platform => new("platform", "Platform, batches of 500", Own, "platform", PeerProfile.Fast, Full);

    public Contender PlatformEach => new("platform_each", "Platform, one transaction per event", Own, "platform", PeerProfile.Each, Full);

    public Contender PlatformDefaults => new("platform_defaults", "Platform, defaults", Own, "platform", PeerProfile.Defaults, Full);

    public Contender Copy => new("raw_copy", "raw COPY limit, batches of 500", Own, "raw-copy", PeerProfile.Fast, Full);

    public Contender Ef => new("raw_ef", "raw EF outbox, batches of 100", Own, "raw-ef", PeerProfile.Fast, Full);

    public Contender EfEach => new("raw_ef_each", "raw EF outbox, one handler transaction per event", Own, "raw-ef", PeerProfile.Each, Full);

    public Contender WolverineQueue => new("wolverine_queue", "Wolverine 6.62, PostgreSQL queue, plain SQL handler", Wolverine, "queue", PeerProfile.Fast, Full);

    public Contender WolverineQueueEf => new("wolverine_queue_ef", "Wolverine 6.62, PostgreSQL queue, EF handler", Wolverine, "queue-ef", PeerProfile.Fast, Full);

    public Contender WolverineLocal => new("wolverine_local", "Wolverine 6.62, durable local queue, plain SQL handler", Wolverine, "local", PeerProfile.Fast, Full);

    public Contender WolverineBatch => new("wolverine_batch", "Wolverine 6.62, PostgreSQL queue, handler of arrays through EF", Wolverine, "batch", PeerProfile.Fast, Full);

    public Contender WolverineDefaults => new("wolverine_defaults", "Wolverine 6.62, PostgreSQL queue, defaults", Wolverine, "queue", PeerProfile.Defaults, Crawl);

    public Contender RebusFast => new("rebus", "Rebus 8.9.5, PostgreSql 9.1.1, plain SQL handler", Rebus, null, PeerProfile.Fast, Slow);

    public Contender RebusDefaults => new("rebus_defaults", "Rebus 8.9.5, PostgreSql 9.1.1, defaults", Rebus, null, PeerProfile.Defaults, Slow);
}
