using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Lanes;

/// <summary>The lanes of one subscription that are here: takes a fair share, lets go of what is too much, and gives each to its worker.</summary>
internal sealed class SubscriptionLanes(
    Subscription subscription,
    SubscriptionOptions options,
    MessagingDatabase database,
    LaneTable table,
    SubscriptionWorker[] workers,
    ILogger<SubscriptionLanes> logger)
{
    private static readonly string Owner = $"{Environment.MachineName}:{Environment.ProcessId}";

    private readonly List<OwnedLane> _owned = [];
    private LaneLocks? _locks;
    private bool _left;

    /// <summary>No lane is here.</summary>
    public bool IsEmpty => _owned.Count == 0;

    /// <summary>Starts a session on a new connection.</summary>
    public async Task JoinAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await table.CreateAsync(connection, options.StartAt, cancellationToken);
        _locks = new LaneLocks(connection, database.Schema, subscription.Name, database.LaneCount);
        await _locks.JoinAsync(cancellationToken);
    }

    /// <summary>Compares what is owned with the fair share.</summary>
    /// <param name="connection">The connection that holds the locks.</param>
    /// <param name="draining">The fair share is none: this process leaves.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether lanes were let go that others wait for.</returns>
    public async Task<bool> BalanceAsync(NpgsqlConnection connection, bool draining, CancellationToken cancellationToken)
    {
        var freed = await FreeAsync(cancellationToken);
        if (draining && !_left)
        {
            _left = true;
            await _locks!.LeaveAsync(cancellationToken);
        }

        var (members, free) = await _locks!.LookAsync(cancellationToken);
        var share = draining ? 0 : (database.LaneCount + members - 1) / members;
        var staying = _owned.FindAll(lane => lane.State is LaneState.Owned);
        foreach (var lane in staying.Skip(share))
        {
            lane.State = LaneState.Releasing;
            WorkerOf(lane.Lane).Wake();
        }

        if (_owned.Count < share && free.Count > 0)
        {
            await TakeAsync(connection, free, share - _owned.Count, members, cancellationToken);
        }

        return freed;
    }

    /// <summary>The connection is gone, and with it the locks: nothing is owned any more.</summary>
    public void Drop()
    {
        _owned.ForEach(lane => lane.State = LaneState.Lost);
        _owned.Clear();
        _locks = null;
        foreach (var worker in workers)
        {
            worker.Wake();
        }
    }

    private async Task<bool> FreeAsync(CancellationToken cancellationToken)
    {
        var gone = _owned.FindAll(lane => lane.State is LaneState.Released or LaneState.Lost);
        foreach (var lane in gone)
        {
            await _locks!.FreeAsync(lane.Lane, cancellationToken);
            _owned.Remove(lane);
            Log.LaneReleased(logger, lane.Lane, subscription.Name);
        }

        return gone.Count > 0;
    }

    private async Task TakeAsync(NpgsqlConnection connection, List<short> free, int count, int members, CancellationToken cancellationToken)
    {
        // In an order of its own, so that processes that start together do not all reach for the same lanes.
        var candidates = free.ToArray();
        Random.Shared.Shuffle(candidates);
        var taken = await _locks!.TakeAsync(candidates.Take(count), cancellationToken);
        if (taken.Length == 0)
        {
            return;
        }

        foreach (var lane in await table.AcquireAsync(connection, taken, Owner, cancellationToken))
        {
            if (lane.Crashes > 1)
            {
                Log.LaneSuspect(logger, lane.Lane, subscription.Name, lane.Crashes);
            }

            _owned.Add(lane);
            WorkerOf(lane.Lane).Add(lane);
        }

        Log.LanesTaken(logger, string.Join(", ", taken.Order()), subscription.Name, _owned.Count, database.LaneCount, members);
    }

    private SubscriptionWorker WorkerOf(short lane) => workers[lane % workers.Length];
}
