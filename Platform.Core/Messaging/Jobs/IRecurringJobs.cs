using Platform.Errors;

namespace Platform.Messaging.Jobs;

/// <summary>The recurring jobs that the database knows, for an operator. Thread safe.</summary>
public interface IRecurringJobs
{
    /// <summary>Returns every job with its last and next run, by name.</summary>
    Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes a job due now; a process that declares it starts it within <see cref="MessagingOptions.JobLease"/>.</summary>
    /// <param name="name">The job.</param>
    /// <param name="action">Who asks for it, for the audit trail where the host keeps one; the reason may be empty.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ErrorException">There is no such job.</exception>
    Task RunNowAsync(string name, OperatorAction action, CancellationToken cancellationToken = default);
}

/// <summary>A recurring job as the database knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schedule">When it runs (<see cref="JobSchedule.Text"/>).</param>
/// <param name="Owner">The process that runs it now, as <c>machine:process id</c>; null when none does.</param>
/// <param name="DueAt">When it is due next, or was due when it runs.</param>
/// <param name="StartedAt">When the last run started; null before the first.</param>
/// <param name="CompletedAt">When the last run that came to its end did so.</param>
/// <param name="LastError">The message of the exception with which it ended; null when it succeeded.</param>
/// <param name="Runs">How often it was started.</param>
public sealed record JobStatus(
    string Name, string? Schedule, string? Owner, DateTimeOffset DueAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, string? LastError, long Runs);
