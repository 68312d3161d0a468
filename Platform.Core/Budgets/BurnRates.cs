namespace Platform.Budgets;

/// <summary>
/// How fast error budgets are used up, and when that is worth waking someone: over a long time, so that a hiccup does not, and over a short
/// one, so that it ends when the trouble does (Google, "The Site Reliability Workbook", chapter 5, table 5-8).
/// </summary>
public static class BurnRates
{
    /// <summary>The time over which the objective is to be kept.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(30);

    /// <summary>The alerts, the most urgent first.</summary>
    public static IReadOnlyList<BurnAlert> Alerts { get; } =
    [
        new("page-1h", TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4),
        new("page-6h", TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), 6),
        new("ticket-3d", TimeSpan.FromDays(3), TimeSpan.FromHours(6), 1),
    ];

    /// <summary>Every time that a rate is asked over, the shortest first.</summary>
    public static IReadOnlyList<TimeSpan> Windows { get; } =
        [.. Alerts.SelectMany(alert => new[] { alert.Long, alert.Short }).Append(Period).Distinct().Order()];

    /// <summary>The alerts that fire.</summary>
    /// <param name="rates">The rate over each of <see cref="Windows"/>.</param>
    public static IReadOnlyList<BurnAlert> Firing(IReadOnlyDictionary<TimeSpan, double> rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        return [.. Alerts.Where(alert => rates[alert.Long] >= alert.Factor && rates[alert.Short] >= alert.Factor)];
    }
}

/// <summary>When a rate is too high.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Long">Over this time, and</param>
/// <param name="Short">over this.</param>
/// <param name="Factor">How many times as fast as allowed.</param>
public sealed record BurnAlert(string Name, TimeSpan Long, TimeSpan Short, double Factor);
