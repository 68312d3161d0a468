namespace Platform.EntityFrameworkCore.Messaging.Lanes;

/// <summary>
/// Up to where the log is settled: no transaction still running can commit an event at or before it, so a reader that goes no further
/// skips nothing.
/// </summary>
/// <remarks>
/// A transaction draws a position from the sequence only after it has its transaction id (the column's default sees to that). So when the
/// sequence stood at <c>last</c>, and the next transaction id to be given, read after it, was <c>next</c>, all positions up to <c>last</c> belong to
/// transactions below <c>next</c>; once the oldest running transaction is <c>next</c> or later, they are all committed or gone. Thread safe, one for a
/// process.
/// </remarks>
internal sealed class SettledPosition
{
    // One mark is left by each look at the log while transactions run; looks are milliseconds apart and transactions short.
    private const int MaxMarks = 64;

    private readonly Lock _gate = new();
    private readonly List<(long Last, ulong Next)> _marks = [];
    private long _current;

    public long Current => Volatile.Read(ref _current);

    /// <summary>Takes in a look at the server.</summary>
    /// <param name="known"><see cref="Current"/> as it was before the look: what others find meanwhile may be newer than what this look can see.</param>
    /// <param name="last">Where the sequence stood.</param>
    /// <param name="next">The next transaction id to be given, read after <paramref name="last"/>.</param>
    /// <param name="oldest">The oldest transaction id still running; at most <paramref name="next"/>.</param>
    /// <returns>The position that is settled for a reader whose snapshot is as old as the look.</returns>
    public long Observe(long known, long last, ulong next, ulong oldest)
    {
        lock (_gate)
        {
            var settled = known;
            if (next <= oldest)
            {
                settled = Math.Max(settled, last);
            }
            else if (last > _current)
            {
                if (_marks.Count == MaxMarks)
                {
                    _marks.RemoveAt(MaxMarks - 1);
                }

                _marks.Add((last, next));
            }

            foreach (var mark in _marks)
            {
                if (mark.Next <= oldest)
                {
                    settled = Math.Max(settled, mark.Last);
                }
            }

            if (settled > _current)
            {
                Volatile.Write(ref _current, settled);
                _marks.RemoveAll(mark => mark.Last <= settled);
            }

            return settled;
        }
    }
}
