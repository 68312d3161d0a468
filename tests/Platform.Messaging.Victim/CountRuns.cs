using Microsoft.EntityFrameworkCore;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Jobs;
using Platform.Messaging.Tests.Support;

namespace Platform.Messaging.Victim;

/// <summary>Writes down when a run began and when it ended, each in a transaction that holds the lease.</summary>
internal sealed class CountRuns(ShopContext shop) : IRecurringJob
{
    public async Task RunAsync(JobLease lease, CancellationToken cancellationToken)
    {
        await WriteAsync(lease, $"INSERT INTO job_runs (token, began) VALUES ({lease.Token}, clock_timestamp())", cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(80), TimeProvider.System, cancellationToken);
        await WriteAsync(lease, $"UPDATE job_runs SET ended = clock_timestamp() WHERE token = {lease.Token}", cancellationToken);
    }

    private async Task WriteAsync(JobLease lease, FormattableString sql, CancellationToken cancellationToken)
    {
        await using var transaction = await shop.Database.BeginTransactionAsync(cancellationToken);
        await shop.HoldLeaseAsync(lease, cancellationToken);
        await shop.Database.ExecuteSqlAsync(sql, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
