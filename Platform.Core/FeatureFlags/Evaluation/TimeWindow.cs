namespace Platform.FeatureFlags;

/// <summary>
/// A time window by the rules of Microsoft's <c>TimeWindowFilter</c>: the first occurrence is from start to end, later ones have its length and
/// begin at the start's time of day, in the start's own offset.
/// </summary>
internal sealed class TimeWindow
{
    private const int Week = 7;

    private readonly DateTimeOffset? _start;
    private readonly DateTimeOffset? _end;
    private readonly RecurrenceDefinition? _recurrence;
    private readonly int[] _offsets = [];

    public TimeWindow(TimeWindowDefinition definition)
    {
        _start = definition.Start;
        _end = definition.End;
        if (_start is not null && _end is not null)
        {
            _recurrence = definition.Recurrence;
        }

        if (_recurrence is { Kind: RecurrenceKind.Weekly } weekly)
        {
            _offsets = [.. weekly.Days.Select(day => DayOffset(day, weekly.FirstDay)).Distinct().Order()];
        }
    }

    public bool Holds(DateTimeOffset now)
    {
        if (_start is null && _end is null)
        {
            return false;
        }

        if ((_start is null || now >= _start) && (_end is null || now < _end))
        {
            return true;
        }

        if (_recurrence is null || now < _start)
        {
            return false;
        }

        var (begin, count) = _recurrence.Kind == RecurrenceKind.Daily ? LastDaily(now) : LastWeekly(now);
        if (begin > _recurrence.Until || count > _recurrence.Occurrences)
        {
            return false;
        }

        return now < begin + (_end!.Value - _start!.Value);
    }

    /// <summary>How many days after the first day of a week a day comes.</summary>
    public static int DayOffset(DayOfWeek day, DayOfWeek firstDay) => ((int)day - (int)firstDay + Week) % Week;

    /// <summary>The last occurrence that has begun, and how many there were with it.</summary>
    private (DateTimeOffset Begin, long Count) LastDaily(DateTimeOffset now)
    {
        var start = _start!.Value;
        var passed = (now - start).Ticks / (_recurrence!.Interval * TimeSpan.TicksPerDay);
        return (start.AddDays(passed * _recurrence.Interval), passed + 1);
    }

    /// <inheritdoc cref="LastDaily"/>
    private (DateTimeOffset Begin, long Count) LastWeekly(DateTimeOffset now)
    {
        var start = _start!.Value;
        var startOffset = DayOffset(start.DayOfWeek, _recurrence!.FirstDay);
        var firstWeek = start.AddDays(-startOffset);
        var passed = (now - firstWeek).Ticks / (_recurrence.Interval * Week * TimeSpan.TicksPerDay);
        var week = firstWeek.AddDays(passed * _recurrence.Interval * Week);

        // Those of the first week that lie before the start never were.
        var count = (passed * _offsets.Length) - Math.Max(0, Array.IndexOf(_offsets, startOffset));
        var last = default(DateTimeOffset?);
        foreach (var offset in _offsets)
        {
            var day = week.AddDays(offset);
            if (day < start)
            {
                count++;
                continue;
            }

            if (day > now)
            {
                break;
            }

            last = day;
            count++;
        }

        return last is { } begin ? (begin, count) : (week.AddDays((-_recurrence.Interval * Week) + _offsets[^1]), count);
    }
}
