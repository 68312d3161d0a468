using System.Globalization;
using Platform.Budgets;
using Platform.ServiceDefaults.Commands;

namespace Platform.Worker.Commands;

/// <summary>
/// Checks what the replicas measured against the budgets, for a pipeline after a load test or a rollout:
/// <c>Platform.Worker -- budgets check [--minutes N] [--route R]</c>.
/// </summary>
internal sealed class BudgetsCommand : WorkerCommand
{
    private const int MaxMinutes = 30 * 24 * 60;
    private const string Usage = "usage: budgets check [--minutes N] [--route 'GET /api/v1/orders/']";

    public override string Name => "budgets";

    public override string Summary => "budgets check: exit with 1 when a route is over its budget";

    protected override async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var read = CommandArguments.Parse(arguments, Usage, ["minutes", "route"]);
        if (read.Words is not ["check"])
        {
            throw read.Wrong("Say what to do with budgets.");
        }

        var route = read.Optional("route");
        if (route is not null && !BudgetRules.IsRoute(route))
        {
            throw read.Wrong($"'{route}' is no route.");
        }

        TimeSpan? window = read.Optional("minutes") is not { } given ? null
            : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= MaxMinutes
            ? TimeSpan.FromMinutes(minutes)
            : throw read.Wrong($"Minutes are between 1 and {MaxMinutes}.");

        var reports = await services.GetRequiredService<BudgetReports>().ReadAsync(window, cancellationToken);
        var chosen = reports
            .Where(report => route is null || report.Route == route || report.Route.EndsWith(" " + route, StringComparison.Ordinal))
            .Where(report => report.Reading.Requests > 0 || report.IsBroken)
            .ToArray();
        if (chosen.Length == 0)
        {
            // A check that measured nothing must not pass for one that found everything in order.
            await Console.Error.WriteLineAsync("Nothing was measured.");
            return Failed;
        }

        Console.Out.WriteLine($"{"route",-52}{"requests",10}{"failed",8}{"p50",10}{"p95",10}{"p99",10}  verdict");
        foreach (var report in chosen)
        {
            Console.Out.WriteLine(Line(report));
        }

        var broken = chosen.Count(report => report.IsBroken);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{chosen.Length} routes, {broken} over budget"));
        return broken == 0 ? 0 : Failed;
    }

    private static string Line(BudgetReport report)
    {
        string[] reasons =
        [
            .. report.Broken.Select(bound => string.Create(CultureInfo.InvariantCulture, $"{bound.Percentile} over {bound.LimitMs:0} ms")),
            .. report.Alerts.Select(alert => $"burns {alert.Name}"),
        ];
        var reading = report.Reading;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Route,-52}{reading.Requests,10}{reading.Failed,8}{reading.P50Ms,10:0.0}{reading.P95Ms,10:0.0}{reading.P99Ms,10:0.0}  {(reasons.Length == 0 ? "ok" : string.Join(", ", reasons))}");
    }
}
