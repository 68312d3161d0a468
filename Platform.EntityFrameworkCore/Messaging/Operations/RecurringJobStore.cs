using Npgsql;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.Errors;
using Platform.Messaging;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Messaging.Operations;

/// <summary>Shows recurring jobs, and makes one due.</summary>
internal sealed class RecurringJobStore(MessagingDatabase database, OperatorRecord record) : IRecurringJobs
{
    private const string List = """
        SELECT name, schedule, CASE WHEN expires_at > clock_timestamp() THEN owner END, due_at, started_at, completed_at, last_error, token
        FROM {schema}.core_lease ORDER BY name LIMIT 1000
        """;

    private const string RunNow = "UPDATE {schema}.core_lease SET due_at = clock_timestamp() WHERE name = $1";

    public async Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken = default)
    {
        List<JobStatus> list = [];
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(List), open.Connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            list.Add(new JobStatus(
                row.GetString(0),
                EventParameters.Text(row, 1),
                EventParameters.Text(row, 2),
                row.GetFieldValue<DateTimeOffset>(3),
                Time(row, 4),
                Time(row, 5),
                EventParameters.Text(row, 6),
                row.GetInt64(7)));
        }

        return list;
    }

    public async Task RunNowAsync(string name, OperatorAction action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(RunNow), open.Connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
        };
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw ErrorException.NotFound("job", name);
        }

        await record.WriteAsync(open.Connection, transaction, "messaging.job.run", $"job:{name}", action, [], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
