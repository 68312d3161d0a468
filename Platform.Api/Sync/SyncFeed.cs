using Microsoft.Extensions.Options;
using Platform.Api.Http;
using Platform.Conditional;
using Platform.EntityFrameworkCore.Sync;
using Platform.Errors;

namespace Platform.Api.Sync;

/// <summary>Gives what changed since a cursor.</summary>
internal sealed class SyncFeed(
    ChangeLog log, SyncResources resources, CursorSeal seal, ChangePulse pulse, IOptions<ConditionalOptions> options, TimeProvider time)
{
    // Who waits looks again when changes are heard of, and by himself, ever less often: a change is settled some time after it is heard of.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AtLatest = TimeSpan.FromSeconds(1);

    /// <summary>Reads a cursor; null for the start.</summary>
    public SyncCursor? Open(string? cursor, FieldErrors errors)
    {
        if (cursor is null)
        {
            return null;
        }

        var state = SyncCursor.Parse(seal, cursor);
        if (state is null)
        {
            errors.Add("/cursor", "invalid", "This is not a cursor that this address gave.");
        }

        return state;
    }

    /// <summary>Reads what comes behind a cursor, and the cursor behind that.</summary>
    public async Task<(SyncResponse Answer, SyncCursor Next)> ReadAsync(SyncCursor? from, int limit, TimeSpan wait, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var state = from ?? new SyncCursor(now, await log.EndAsync(cancellationToken), 0, Guid.Empty);

        // Well before the changes behind it are deleted.
        if (now - state.IssuedAt > options.Value.ChangeRetention * 0.9)
        {
            throw new ErrorException(ErrorCode.ResourceGone, "The changes behind this cursor are not kept any more. Begin anew without one, and drop what does not come again.");
        }

        return state.IsFollowing
            ? await FollowAsync(state, limit, wait, cancellationToken)
            : await ListAsync(state, limit, cancellationToken);
    }

    private async Task<(SyncResponse Answer, SyncCursor Next)> ListAsync(SyncCursor state, int limit, CancellationToken cancellationToken)
    {
        var changes = await resources.ListAsync(SyncResources.Kinds[state.Kind], state.After, limit, cancellationToken);
        var next = changes.Count == limit
            ? state with { After = changes[^1].Id }
            : state with { Kind = state.Kind + 1 < SyncResources.Kinds.Length ? (byte)(state.Kind + 1) : SyncCursor.Following, After = Guid.Empty };

        // The time stays that of the beginning: the log is followed from there.
        return (new SyncResponse(changes, next.ToText(seal), More: true), next);
    }

    private async Task<(SyncResponse Answer, SyncCursor Next)> FollowAsync(SyncCursor state, int limit, TimeSpan wait, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pause = Soon;
        while (true)
        {
            var beat = pulse.Next;
            var asked = time.GetUtcNow();
            var logged = await log.ReadAsync(state.Place, SyncResources.Kinds, limit, cancellationToken);
            if (logged.Count > 0 || time.GetElapsedTime(started) >= wait)
            {
                var keys = logged.Select(change => (change.Kind, change.Id)).Distinct().ToArray();
                var found = await resources.FindAsync(keys, cancellationToken);
                var place = logged.Count > 0 ? logged[^1].Place : state.Place;
                var more = logged.Count == limit;

                // With more to come the next changes are at least as old as these.
                var next = new SyncCursor(more ? state.IssuedAt : asked, place, SyncCursor.Following, Guid.Empty);
                return (new SyncResponse([.. keys.Select(key => found[key])], next.ToText(seal), more), next);
            }

            pause = await HeardAsync(beat, pause, cancellationToken) ? Soon : pause * 2 < AtLatest ? pause * 2 : AtLatest;
        }
    }

    private async Task<bool> HeardAsync(Task beat, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await beat.WaitAsync(pause, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
