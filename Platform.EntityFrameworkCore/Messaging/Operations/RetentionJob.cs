using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Messaging;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Messaging.Operations;

/// <summary>Deletes what nobody needs any more, in batches: the head of the log behind every subscription, and old marks of the inbox.</summary>
internal sealed class RetentionJob(MessagingDatabase database, IOptions<MessagingOptions> options) : IRecurringJob
{
    public const string Name = "messaging retention";

    public static readonly JobSchedule Schedule = JobSchedule.Every(TimeSpan.FromMinutes(5), jitter: TimeSpan.FromMinutes(1));

    private const int Batch = 2000;

    // Only the head is looked at: a lane whose first events are young costs one page, however long it is.
    private const string TrimLog = """
        DELETE FROM {schema}.core_outbox_event WHERE ctid = ANY (ARRAY(
            SELECT head.ctid FROM (
                SELECT o.ctid, o.occurred_at FROM {schema}.core_outbox_event o
                WHERE o.lane = $1 AND o.position <= (SELECT min(s.position) FROM {schema}.core_subscription_lane s WHERE s.lane = $1 AND s.reads_log)
                ORDER BY o.position LIMIT $3) head
            WHERE head.occurred_at < now() - $2))
        """;

    private const string TrimInbox = """
        DELETE FROM {schema}.core_inbox_event WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM {schema}.core_inbox_event WHERE handled_at < now() - $1 LIMIT $2))
        """;

    public async Task RunAsync(JobLease lease, CancellationToken cancellationToken)
    {
        for (short lane = 0; lane < database.LaneCount; lane++)
        {
            await RepeatAsync(TrimLog, cancellationToken, One(lane), One(options.Value.LogRetention), One(Batch));
        }

        await RepeatAsync(TrimInbox, cancellationToken, One(options.Value.InboxRetention), One(Batch));
    }

    private async Task RepeatAsync(string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(statement), open.Connection);
        command.Parameters.AddRange(parameters);
        while (await command.ExecuteNonQueryAsync(cancellationToken) == Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static NpgsqlParameter<T> One<T>(T value) => new() { TypedValue = value };
}
