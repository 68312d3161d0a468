using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Logging;

/// <summary>
/// Collapses storms: of one warning or error that comes again and again (one category, template, exception) the first so many lines of a time are
/// written, and how many more there were when the time is over. Lower levels are never looked at. Thread safe.
/// </summary>
internal sealed class LogStorms : IDisposable
{
    // Past it nothing more is collapsed; a program has fewer templates of warnings.
    private const int MaxKinds = 1_024;

    private readonly Lock _gate = new();
    private readonly Dictionary<Kind, Storm> _storms = [];
    private readonly int _threshold;
    private readonly TimeSpan _window;
    private readonly TimeProvider _time;
    private readonly Action<LogLevel, string, string?, long> _tell;
    private readonly ITimer? _timer;

    /// <summary>Begins to watch.</summary>
    /// <param name="threshold">How many lines of one kind are written within a window; 0 for all.</param>
    /// <param name="window">The time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tell">Writes that a line came so many times more.</param>
    public LogStorms(int threshold, TimeSpan window, TimeProvider time, Action<LogLevel, string, string?, long> tell)
    {
        (_threshold, _window, _time, _tell) = (threshold, window, time, tell);
        if (threshold > 0)
        {
            _timer = time.CreateTimer(static state => ((LogStorms)state!).Close(all: false), this, window, window);
        }
    }

    /// <summary>Whether a line is to be written.</summary>
    public bool Admits(LogLevel level, string category, EventId eventId, string? template, Type? exception)
    {
        if (_threshold == 0)
        {
            return true;
        }

        var kind = new Kind(level, category, eventId.Id, template, exception);
        lock (_gate)
        {
            if (!_storms.TryGetValue(kind, out var storm))
            {
                if (_storms.Count >= MaxKinds)
                {
                    return true;
                }

                _storms.Add(kind, storm = new Storm(_time.GetTimestamp()));
            }

            if (++storm.Lines <= _threshold)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells of what was left out so far.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        Close(all: true);
    }

    private void Close(bool all)
    {
        List<(Kind Kind, long More)>? told = null;
        lock (_gate)
        {
            foreach (var (kind, storm) in _storms)
            {
                if (all || _time.GetElapsedTime(storm.Began) >= _window)
                {
                    _storms.Remove(kind);
                    if (storm.Lines > _threshold)
                    {
                        (told ??= []).Add((kind, storm.Lines - _threshold));
                    }
                }
            }
        }

        foreach (var (kind, more) in told ?? [])
        {
            _tell(kind.Level, kind.Category, kind.Template, more);
        }
    }

    private readonly record struct Kind(LogLevel Level, string Category, int Event, string? Template, Type? Exception);

    private sealed class Storm(long began)
    {
        public long Began { get; } = began;

        public long Lines { get; set; }
    }
}
