namespace Platform.Messaging.Jobs;

/// <summary>Something that one process at a time does again and again.</summary>
/// <remarks>Resolved from a scope of its own for each run.</remarks>
public interface IRecurringJob
{
    /// <summary>Does it once.</summary>
    /// <param name="lease">The right to do it; see <see cref="JobLease.Token"/>.</param>
    /// <param name="cancellationToken">Fires on shutdown, and when the lease may be another's.</param>
    Task RunAsync(JobLease lease, CancellationToken cancellationToken);
}

/// <summary>The right to run a job now.</summary>
/// <param name="Name">The job's name.</param>
/// <param name="Token">
/// Grows with each holder. A job that writes something which a stopped and awakened former holder must not overwrite checks it in the same
/// transaction (<c>context.HoldLeaseAsync(lease)</c>), or sends it along.
/// </param>
public sealed record JobLease(string Name, long Token);

/// <summary>A declared job.</summary>
internal sealed record RecurringJobDeclaration(string Name, Type Type, JobSchedule Schedule);
