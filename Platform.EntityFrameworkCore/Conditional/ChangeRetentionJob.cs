using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Conditional;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Conditional;

/// <summary>Deletes changes that are older than the retention, in batches.</summary>
internal sealed class ChangeRetentionJob(MessagingDatabase database, IOptions<ConditionalOptions> options) : IRecurringJob
{
    public const string Name = "change retention";

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private const int Batch = 2_000;

    // Only the head is looked at.
    private const string Trim = """
        DELETE FROM {schema}.core_change c USING (
            SELECT head.transaction_id, head.position FROM (
                SELECT transaction_id, position, changed_at FROM {schema}.core_change ORDER BY transaction_id, position LIMIT $2) head
            WHERE head.changed_at < now() - $1) old
        WHERE c.transaction_id = old.transaction_id AND c.position = old.position
        """;

    public async Task RunAsync(JobLease lease, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(Trim), open.Connection)
        {
            Parameters =
            {
                new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.ChangeRetention },
                new NpgsqlParameter<int> { TypedValue = Batch },
            },
        };
        while (await command.ExecuteNonQueryAsync(cancellationToken) == Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
