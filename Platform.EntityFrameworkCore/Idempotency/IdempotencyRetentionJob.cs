using Microsoft.Extensions.Options;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Idempotency;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Idempotency;

/// <summary>Deletes answers that are older than the retention, in batches.</summary>
internal sealed class IdempotencyRetentionJob(MessagingDatabase database, IOptions<IdempotencyOptions> options) : IRecurringJob
{
    public const string Name = "idempotency retention";

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private const int Batch = 1_000;

    private const string Trim = """
        DELETE FROM {schema}.core_idempotency_key WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM {schema}.core_idempotency_key WHERE answered_at < now() - $1 LIMIT $2))
        """;

    public async Task RunAsync(JobLease lease, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(Trim), open.Connection)
        {
            Parameters =
            {
                new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.Retention },
                new NpgsqlParameter<int> { TypedValue = Batch },
            },
        };
        while (await command.ExecuteNonQueryAsync(cancellationToken) == Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
