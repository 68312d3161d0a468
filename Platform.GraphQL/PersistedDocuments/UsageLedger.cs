using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.EntityFrameworkCore.PersistedDocuments;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>Counts what runs, and writes the counts every now and then, so that no request waits for it. What is counted between two writes is bounded.</summary>
internal sealed class UsageLedger(
    IOptions<PersistedDocumentOptions> options, TimeProvider time, ILogger<UsageLedger> logger, PersistedDocumentStore? store = null) : BackgroundService
{
    private const int MaxEntries = 10_000;

    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private readonly PersistedDocumentOptions _options = options.Value;
    private ConcurrentDictionary<string, long> _uses = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, UnknownOperation> _unknown = new(StringComparer.Ordinal);

    /// <summary>Counts a run of a document that is kept.</summary>
    public void Used(string id)
    {
        var uses = _uses;
        if (uses.Count < MaxEntries || uses.ContainsKey(id))
        {
            uses.AddOrUpdate(id, 1, (_, count) => count + 1);
        }
    }

    /// <summary>Counts an operation that no manifest holds.</summary>
    public void Unknown(string id, string text, string? operationName, string? client)
    {
        var unknown = _unknown;
        if (unknown.Count < _options.MaxUnknown || unknown.ContainsKey(id))
        {
            unknown.AddOrUpdate(
                id,
                _ => new UnknownOperation(id, text, operationName, client, 1, default),
                (_, seen) => seen with { Count = seen.Count + 1 });
        }
    }

    /// <summary>Writes what was counted since the last time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return;
        }

        // A count that is added to the old dictionary between these two lines and the write is lost with it: one run in a great many.
        var uses = Interlocked.Exchange(ref _uses, new(StringComparer.Ordinal));
        var unknown = Interlocked.Exchange(ref _unknown, new(StringComparer.Ordinal));
        try
        {
            if (!uses.IsEmpty)
            {
                await store.RecordUsesAsync(uses, cancellationToken);
            }

            if (!unknown.IsEmpty)
            {
                await store.RecordUnknownAsync([.. unknown.Values], _options.MaxUnknown, cancellationToken);
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException || e.InnerException is NpgsqlException)
        {
            Log.UsageNotWritten(logger, e);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pruned = time.GetTimestamp();
        using var timer = new PeriodicTimer(_options.FlushInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await FlushAsync(stoppingToken);
            if (time.GetElapsedTime(pruned) >= PruneInterval)
            {
                pruned = time.GetTimestamp();
                await PruneAsync(stoppingToken);
            }
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (store is not null && await store.PruneAsync(_options.Retention, cancellationToken) >= 1_000)
            {
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException || e.InnerException is NpgsqlException)
        {
            Log.UsageNotWritten(logger, e);
        }
    }
}
