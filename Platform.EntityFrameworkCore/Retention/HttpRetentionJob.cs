using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Conditional;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Idempotency;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Retention;

/// <summary>Deletes, in batches, what no client can ask for any more: changes and answers that are older than their retention.</summary>
internal sealed class HttpRetentionJob(
    MessagingDatabase database, IOptions<ConditionalOptions> conditional, IOptions<IdempotencyOptions> idempotency) : IRecurringJob
{
    public const string Name = "http retention";

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private const int Batch = 2_000;

    // Only the head is looked at.
    private const string TrimChanges = """
        DELETE FROM {schema}.core_change c USING (
            SELECT head.transaction_id, head.position FROM (
                SELECT transaction_id, position, changed_at FROM {schema}.core_change ORDER BY transaction_id, position LIMIT $2) head
            WHERE head.changed_at < now() - $1) old
        WHERE c.transaction_id = old.transaction_id AND c.position = old.position
        """;

    private const string TrimAnswers = """
        DELETE FROM {schema}.core_idempotency_key WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM {schema}.core_idempotency_key WHERE answered_at < now() - $1 LIMIT $2))
        """;

    public async Task RunAsync(JobLease lease, CancellationToken cancellationToken)
    {
        await TrimAsync(TrimChanges, conditional.Value.ChangeRetention, cancellationToken);
        await TrimAsync(TrimAnswers, idempotency.Value.Retention, cancellationToken);
    }

    private async Task TrimAsync(string statement, TimeSpan retention, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(statement), open.Connection)
        {
            Parameters = { new NpgsqlParameter<TimeSpan> { TypedValue = retention }, new NpgsqlParameter<int> { TypedValue = Batch } },
        };
        while (await command.ExecuteNonQueryAsync(cancellationToken) == Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
