using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>Seals the audit trail again and again, in one worker at a time.</summary>
internal sealed class AuditSealJob(AuditSealing sealing) : IRecurringJob
{
    public const string Name = "audit.seal";

    // What is written is open to removal without a trace for about as long.
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public Task RunAsync(JobLease lease, CancellationToken cancellationToken) => sealing.RunAsync(anchor: false, cancellationToken);
}
