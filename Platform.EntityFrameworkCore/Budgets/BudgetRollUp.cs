using Platform.Budgets;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging.Jobs;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Budgets;

/// <summary>
/// Keeps the history small: minutes of single replicas for 6 hours, then steps of 10 minutes over all replicas for 3 days, then hours up to
/// 30 days. Sketches add up, so that an hour's p99 is as exact as a minute's.
/// </summary>
internal sealed class BudgetRollUp(StoreConnections connections, TimeProvider time) : IRecurringJob
{
    public const string Name = "budget roll-up";

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private const int MaxSteps = 5_000;

    private static readonly (short Fine, short Coarse, TimeSpan After)[] Tiers =
        [(1, 10, TimeSpan.FromHours(6)), (10, 60, TimeSpan.FromDays(3))];

    private const string Oldest = "SELECT min(start) FROM {schema}.core_budget_slice WHERE minutes = $1 AND start < $2";

    // What was rolled up of the same step before is taken along, for a straggler.
    private const string Take = """
        DELETE FROM {schema}.core_budget_slice
        WHERE start >= $1 AND start < $2 AND (minutes = $3 OR (minutes = $4 AND start = $1))
        RETURNING route, failed, slow, sketch
        """;

    private const string Put = """
        INSERT INTO {schema}.core_budget_slice (route, start, minutes, replica, requests, failed, slow, sketch)
        SELECT route, $1, $2, '00000000-0000-0000-0000-000000000000', requests, failed, slow, sketch
        FROM unnest($3, $4, $5, $6, $7) AS s(route, requests, failed, slow, sketch)
        """;

    private const string Expire = "DELETE FROM {schema}.core_budget_slice WHERE start < $1";

    private const string ExpireViolations = "DELETE FROM {schema}.core_budget_violation WHERE window_start < $1";

    public async Task RunAsync(JobLease lease, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (fine, coarse, after) in Tiers)
        {
            for (var step = 0; step < MaxSteps && await StepAsync(fine, coarse, now - after, cancellationToken); step++)
            {
            }
        }

        await using var open = await connections.OpenAsync(cancellationToken);
        foreach (var statement in new[] { Expire, ExpireViolations })
        {
            await using var command = open.Command(statement, One((now - BurnRates.Period - TimeSpan.FromHours(1)).UtcDateTime));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<bool> StepAsync(short fine, short coarse, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var length = TimeSpan.FromMinutes(coarse);
        var end = Floor(before, length);
        await using var open = await connections.OpenAsync(cancellationToken);
        DateTimeOffset start;
        await using (var oldest = open.Command(Oldest, One(fine), One(end.UtcDateTime)))
        {
            if (await oldest.ExecuteScalarAsync(cancellationToken) is not DateTime first)
            {
                return false;
            }

            start = Floor(new DateTimeOffset(first), length);
        }

        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        var routes = await TakeAsync(open, start, length, fine, coarse, cancellationToken);
        await using (var put = open.Command(
            Put,
            One(start.UtcDateTime),
            One(coarse),
            One<string[]>([.. routes.Select(slice => slice.Route)]),
            One<long[]>([.. routes.Select(slice => slice.Latency.Count)]),
            One<long[]>([.. routes.Select(slice => slice.Failed)]),
            One<long[]>([.. routes.Select(slice => slice.Slow)]),
            One<byte[][]>([.. routes.Select(slice => slice.Latency.Encode())])))
        {
            await put.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<IReadOnlyList<RouteSlice>> TakeAsync(
        StoreConnection open, DateTimeOffset start, TimeSpan length, short fine, short coarse, CancellationToken cancellationToken)
    {
        await using var take = open.Command(Take, One(start.UtcDateTime), One((start + length).UtcDateTime), One(fine), One(coarse));
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        var routes = new Dictionary<string, RouteSlice>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var slice = new RouteSlice(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), QuantileSketch.Decode(reader.GetFieldValue<byte[]>(3)));
            if (routes.TryGetValue(slice.Route, out var sum))
            {
                sum.Latency.Merge(slice.Latency);
                slice = sum with { Failed = sum.Failed + slice.Failed, Slow = sum.Slow + slice.Slow };
            }

            routes[slice.Route] = slice;
        }

        return [.. routes.Values];
    }

    private static DateTimeOffset Floor(DateTimeOffset at, TimeSpan step) => new(at.UtcTicks - (at.UtcTicks % step.Ticks), TimeSpan.Zero);
}
