namespace Platform.Resilience;

/// <summary>
/// By when the work at hand has to be done. It goes along with outgoing HTTP calls as what is left of it, so that nobody works on
/// what its caller has given up.
/// </summary>
public static class Deadline
{
    /// <summary>The header: whole milliseconds that are left, counted from when the request is sent, so that clocks do not matter.</summary>
    public const string Header = "X-Deadline-Ms";

    private static readonly AsyncLocal<Scope?> Ambient = new();

    /// <summary>What is left; null where nothing limits the work. Not less than 0.</summary>
    public static TimeSpan? Left => Ambient.Value?.Left;

    /// <summary>Limits the work until the scope is disposed of. A deadline that is nearer already stays.</summary>
    /// <param name="limit">From now.</param>
    /// <param name="time">The clock.</param>
    public static Scope Within(TimeSpan limit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var outer = Ambient.Value;
        var scope = new Scope(outer, outer is not null && outer.Left < limit ? outer.Left : limit, time);
        Ambient.Value = scope;
        return scope;
    }

    /// <summary>A limit on the work inside it.</summary>
    public sealed class Scope : IDisposable
    {
        private readonly Scope? _outer;
        private readonly TimeSpan _limit;
        private readonly TimeProvider _time;
        private readonly long _started;

        internal Scope(Scope? outer, TimeSpan limit, TimeProvider time)
        {
            (_outer, _limit, _time, _started) = (outer, limit, time, time.GetTimestamp());
        }

        /// <summary>What is left, not less than 0.</summary>
        public TimeSpan Left => _limit - _time.GetElapsedTime(_started) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

        /// <summary>Ends the limit.</summary>
        public void Dispose() => Ambient.Value = _outer;
    }
}
