using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Platform.Benchmarks.Outbox.Contract;

namespace Platform.Benchmarks.Outbox.Peers;

/// <summary>
/// The outbox that teams write themselves with EF: two workers poll 100 rows with SKIP LOCKED, handle them, and set the time of handling on
/// each. In one transaction a batch, or with <see cref="PeerProfile.Each"/> one transaction of the handler an event.
/// </summary>
internal sealed class RawEfPeer : IOutboxPeer
{
    private const int Workers = 2;

    private const string Table = """
        CREATE TABLE ef_outbox (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload jsonb NOT NULL, handled_at timestamptz NULL);
        CREATE INDEX ix_ef_outbox_open ON ef_outbox (position) WHERE handled_at IS NULL;
        """;

    private const string Take = """
        SELECT position, payload, handled_at FROM ef_outbox WHERE handled_at IS NULL ORDER BY position LIMIT 100 FOR UPDATE SKIP LOCKED
        """;

    private readonly PooledDbContextFactory<RawEfContext> _contexts;
    private readonly bool _each;
    private readonly TimeSpan _idle = TimeSpan.FromMilliseconds(5);
    private CancellationTokenSource _stop = new();
    private Task[] _workers = [];
    private HandledLog _handled = new(0);

    public RawEfPeer(PeerSettings settings)
    {
        _each = settings.Profile == PeerProfile.Each;
        _contexts = new PooledDbContextFactory<RawEfContext>(
            new DbContextOptionsBuilder<RawEfContext>().UseNpgsql(settings.ConnectionString + ";Max Auto Prepare=50").Options);
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync(Table, cancellationToken);
    }

    public Task OpenAsync(HandledLog handled, CancellationToken cancellationToken)
    {
        _handled = handled;
        return Task.CompletedTask;
    }

    public Task EnqueueAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken) => CommitAsync(events, cancellationToken);

    public Task<long> SendAsync(ParcelMoved moved, CancellationToken cancellationToken) => CommitAsync([moved], cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken)
    {
        _stop = new CancellationTokenSource();
        _workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(_stop.Token), CancellationToken.None))];
        return Task.CompletedTask;
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _workers = [];
        _stop.Dispose();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<long> CommitAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        foreach (var moved in events)
        {
            context.Moves.Add(ParcelMove.Of(moved));
            context.Outbox.Add(new RawEfEvent { Payload = JsonSerializer.Serialize(moved, ParcelJson.Default.ParcelMoved) });
        }

        await context.SaveChangesAsync(cancellationToken);
        var ticks = Stopwatch.GetTimestamp();
        await transaction.CommitAsync(cancellationToken);
        return ticks;
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (await TakeAsync(stop) == 0)
                {
                    await Task.Delay(_idle, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
    }

    private async Task<int> TakeAsync(CancellationToken stop)
    {
        await using var context = await _contexts.CreateDbContextAsync(stop);
        await using var transaction = await context.Database.BeginTransactionAsync(stop);
        var taken = await context.Outbox.FromSqlRaw(Take).AsTracking().ToListAsync(stop);
        foreach (var row in taken)
        {
            var moved = JsonSerializer.Deserialize(row.Payload, ParcelJson.Default.ParcelMoved)!;
            _handled.Begin(moved);
            if (_each)
            {
                await using var own = await _contexts.CreateDbContextAsync(stop);
                Handle(own, moved);
                await own.SaveChangesAsync(stop);
            }
            else
            {
                Handle(context, moved);
            }

            row.HandledAt = TimeProvider.System.GetUtcNow();
        }

        if (taken.Count > 0)
        {
            await context.SaveChangesAsync(stop);
        }

        await transaction.CommitAsync(stop);
        return taken.Count;
    }

    private static void Handle(EffectContext context, ParcelMoved moved)
    {
        context.Inbox.Add(ParcelInbox.Of(moved, TimeProvider.System.GetUtcNow()));
        context.Effects.Add(ParcelEffect.Of(moved));
    }
}

internal sealed class RawEfContext(DbContextOptions<RawEfContext> options) : EffectContext(options)
{
    public DbSet<RawEfEvent> Outbox => Set<RawEfEvent>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<RawEfEvent>(row =>
        {
            row.ToTable("ef_outbox");
            row.HasKey(e => e.Position);
            row.Property(e => e.Position).HasColumnName("position").UseIdentityAlwaysColumn();
            row.Property(e => e.Payload).HasColumnName("payload").HasColumnType("jsonb");
            row.Property(e => e.HandledAt).HasColumnName("handled_at");
        });
    }
}

internal sealed class RawEfEvent
{
    public long Position { get; init; }

    public required string Payload { get; init; }

    public DateTimeOffset? HandledAt { get; set; }
}
