using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.FeatureFlags.Plans;

/// <summary>Moves plans on: one process at a time, each plan in a transaction of its own that fails where the lease is another's.</summary>
internal sealed class AdvancePlansJob(FlagPlans plans) : IRecurringJob
{
    public const string Name = "flag-plans";
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int MostInOneRun = 1_000;

    public async Task RunAsync(JobLease lease, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MostInOneRun && await plans.AdvanceAsync(lease, cancellationToken); i++)
        {
        }
    }
}

/// <summary>Notices flags that nobody needs any more.</summary>
internal sealed class FlagHygieneJob(FlagDatabase database, FlagHygiene hygiene) : IRecurringJob
{
    public const string Name = "flag-hygiene";
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public async Task RunAsync(JobLease lease, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await hygiene.NoteAsync(open.Connection, cancellationToken);
    }
}
