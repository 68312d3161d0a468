using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private readonly Lock _turn = new();
    private Task? _last;
    private Dictionary<string, long> _uses = new(StringComparer.Ordinal);
    private Dictionary<string, UnknownOperation> _unknown = new(StringComparer.Ordinal);

    /// <summary>Counts a run of a document that is kept.</summary>
    public void Used(string id)
    {
        lock (_turn)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_uses, id);
            if (!Unsafe.IsNullRef(ref count))
            {
                count++;
            }
            else if (_uses.Count < MaxEntries)
            {
                _uses.Add(id, 1);
            }
        }
    }

    /// <summary>Counts an operation that no manifest holds.</summary>
    public void Unknown(string id, string text, string? operationName, string? client)
    {
        lock (_turn)
        {
            if (_unknown.TryGetValue(id, out var seen))
            {
                _unknown[id] = seen with { Count = seen.Count + 1 };
            }
            else if (_unknown.Count < _options.MaxUnknown)
            {
                _unknown.Add(id, new UnknownOperation(id, text, operationName, client, 1, default));
            }
        }
    }

    /// <summary>Writes what was counted since the last time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return;
        }

        Dictionary<string, long> uses;
        Dictionary<string, UnknownOperation> unknown;
        lock (_turn)
        {
            (uses, _uses) = (_uses, new(StringComparer.Ordinal));
            (unknown, _unknown) = (_unknown, new(StringComparer.Ordinal));
        }

        try
        {
            if (uses.Count > 0)
            {
                await store.RecordUsesAsync(uses, cancellationToken);
            }

            if (unknown.Count > 0)
            {
                await store.RecordUnknownAsync([.. unknown.Values], _options.MaxUnknown, cancellationToken);
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException || e.InnerException is NpgsqlException)
        {
            Log.UsageNotWritten(logger, e);
        }
    }

    /// <summary>Writes the rest. Once: a host that is stopped by two at once is disposed of by the first that gets through.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return _last ??= StopOnceAsync(cancellationToken);
        }
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

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
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
