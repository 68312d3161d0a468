using System.Globalization;
using Cronos;

namespace Platform.Messaging.Jobs;

/// <summary>When a recurring job is due. By the database's clock; the clocks of processes do not matter.</summary>
public sealed class JobSchedule
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly TimeSpan _interval;
    private readonly TimeSpan _jitter;
    private readonly CronExpression? _cron;

    private JobSchedule(string text, TimeSpan interval, TimeSpan jitter, CronExpression? cron)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(jitter, TimeSpan.Zero);
        (_interval, _jitter, _cron) = (interval, jitter, cron);
        Text = jitter == TimeSpan.Zero ? text : string.Create(CultureInfo.InvariantCulture, $"{text}, jitter {jitter:c}");
    }

    /// <summary>The schedule as operators see it, <c>every 01:00:00</c> or <c>cron 0 3 * * *, jitter 00:10:00</c>. When it changes, the next run is planned anew.</summary>
    public string Text { get; }

    /// <summary>From the start of one run to the start of the next; the first at once. A run that takes longer is followed at once.</summary>
    /// <param name="interval">At least 100 ms.</param>
    /// <param name="jitter">Each start is moved by a random part of this, half of it to either side; at most the interval, none by default.</param>
    public static JobSchedule Every(TimeSpan interval, TimeSpan jitter = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, interval);
        return new JobSchedule(string.Create(CultureInfo.InvariantCulture, $"every {interval:c}"), interval, jitter, null);
    }

    /// <summary>At the times of a cron expression, in UTC. Times that pass while nobody is up are made up for by one run.</summary>
    /// <param name="expression">Five fields (minute, hour, day of the month, month, day of the week) as in crontab(5), or six with seconds first.</param>
    /// <param name="jitter">Each start is up to this late, at random; at most a day, none by default.</param>
    /// <exception cref="ArgumentException">The expression cannot be read, or no time ever fits it.</exception>
    public static JobSchedule Cron(string expression, TimeSpan jitter = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(expression);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, TimeSpan.FromDays(1));
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length;
        if (!CronExpression.TryParse(expression, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard, out var cron)
            || cron.GetNextOccurrence(DateTime.UnixEpoch, inclusive: true) is null)
        {
            throw new ArgumentException($"'{expression}' is no cron expression that ever comes.", nameof(expression));
        }

        return new JobSchedule($"cron {expression}", TimeSpan.Zero, jitter, cron);
    }

    /// <summary>When a job is due that the database does not know yet.</summary>
    internal DateTimeOffset First(DateTimeOffset now, double random) => _cron is null ? now : Late(After(now), random);

    /// <summary>When it is due next.</summary>
    /// <param name="due">When the run that has just ended was due.</param>
    /// <param name="now">The database's time.</param>
    /// <param name="random">Evenly from [0, 1).</param>
    internal DateTimeOffset Next(DateTimeOffset due, DateTimeOffset now, double random)
    {
        if (_cron is not null)
        {
            return Late(After(now), random);
        }

        var next = due + _interval + (_jitter * (random - 0.5));
        return next > now ? next : now;
    }

    private DateTimeOffset After(DateTimeOffset now) => _cron!.GetNextOccurrence(now, TimeZoneInfo.Utc) ?? DateTimeOffset.MaxValue;

    private DateTimeOffset Late(DateTimeOffset due, double random) => due < DateTimeOffset.MaxValue - _jitter ? due + (_jitter * random) : due;
}
