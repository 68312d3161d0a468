using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>What a time window has to keep to: the rules of Microsoft's <c>RecurrenceValidator</c>.</summary>
internal static class WindowRules
{
    private const int Week = 7;

    public static void Check(TimeWindowDefinition window, FieldErrors errors, IWindowPointers pointers, TimeSpan longest)
    {
        if (window.Recurrence is not { } recurrence)
        {
            return;
        }

        if (window.Start is not { } start)
        {
            errors.Add(pointers.Start, "required", "A recurrence needs a start.");
            return;
        }

        if (window.End is not { } end)
        {
            errors.Add(pointers.End, "required", "A recurrence needs an end.");
            return;
        }

        if (end <= start)
        {
            errors.Add(pointers.End, "out_of_range", "The end must come after the start.");
        }

        if (recurrence.Interval is < 1 or > FlagLimits.RecurrenceInterval)
        {
            errors.Add(pointers.Interval, "out_of_range", $"The interval must be between 1 and {FlagLimits.RecurrenceInterval}.");
            return;
        }

        var gap = recurrence.Kind == RecurrenceKind.Daily ? TimeSpan.FromDays(recurrence.Interval) : SmallestGap(recurrence);
        if (end - start > gap || end - start >= longest)
        {
            errors.Add(pointers.End, "out_of_range", "An occurrence must end before the next one begins.");
        }

        if (recurrence.Kind == RecurrenceKind.Weekly)
        {
            if (recurrence.Days.Count == 0)
            {
                errors.Add(pointers.Days, "required", "A weekly recurrence needs days.");
            }
            else if (!recurrence.Days.Contains(start.DayOfWeek))
            {
                errors.Add(pointers.Start, "invalid", "The start must be on one of the days.");
            }
        }

        if (recurrence.Until < start)
        {
            errors.Add(pointers.Until, "out_of_range", "The last occurrence must not lie before the start.");
        }

        if (recurrence.Occurrences < 1)
        {
            errors.Add(pointers.Occurrences, "out_of_range", "At least one occurrence is needed.");
        }
    }

    /// <summary>The shortest time between two days of the recurrence; over the end of the week only where each week counts.</summary>
    private static TimeSpan SmallestGap(RecurrenceDefinition recurrence)
    {
        int[] offsets = [.. recurrence.Days.Select(day => TimeWindow.DayOffset(day, recurrence.FirstDay)).Distinct().Order()];
        if (offsets.Length < 2)
        {
            return TimeSpan.FromDays(recurrence.Interval * Week);
        }

        var gap = recurrence.Interval == 1 ? offsets[0] + Week - offsets[^1] : Week;
        for (var i = 1; i < offsets.Length; i++)
        {
            gap = Math.Min(gap, offsets[i] - offsets[i - 1]);
        }

        return TimeSpan.FromDays(gap);
    }
}
