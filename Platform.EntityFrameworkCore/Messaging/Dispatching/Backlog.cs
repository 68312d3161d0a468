using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>
/// How much waits in the lanes that are here, for the gauges: owners report their own lanes, so the sum over processes is the whole. Counted
/// only while someone listens, and only in the log: what waits in a broker is the broker's to tell.
/// </summary>
internal sealed class Backlog(MessagingDatabase database, Subscription subscription, bool readsLog)
{
    private const string Count = """
        SELECT coalesce(sum(p.pending), 0)::bigint, coalesce(extract(epoch FROM now() - min(p.oldest)), 0)::float8
        FROM unnest($1, $2) AS c(lane, position)
        CROSS JOIN LATERAL (
            SELECT count(*) AS pending, min(e.occurred_at) AS oldest FROM (
                SELECT occurred_at FROM {schema}.core_outbox_event o
                WHERE o.lane = c.lane AND o.position > c.position AND o.event_type <> ALL ($3) ORDER BY o.position LIMIT 1000) e) p
        """;

    private static readonly Meter Meter = new(MessagingTelemetry.Name);

    private static readonly ConcurrentDictionary<Backlog, (long Pending, double Oldest)> Samples = new();

    private static readonly ObservableGauge<long> Pending = Meter.CreateObservableGauge(
        "platform.messaging.pending", () => BySubscription(all => all.Sum(one => one.Pending)), "{event}", "Events not handled yet, counted up to 1,000 a lane.");

    private static readonly ObservableGauge<double> Oldest = Meter.CreateObservableGauge(
        "platform.messaging.oldest.age", () => BySubscription(all => all.Max(one => one.Oldest)), "s", "Age of the oldest event not handled yet.");

    private string Name => subscription.Name;

    public async Task SampleAsync(NpgsqlConnection connection, List<OwnedLane> lanes, CancellationToken cancellationToken)
    {
        if (!readsLog || (!Pending.Enabled && !Oldest.Enabled))
        {
            return;
        }

        await using var command = new NpgsqlCommand(database.Sql(Count), connection)
        {
            Parameters =
            {
                new NpgsqlParameter<short[]> { TypedValue = [.. lanes.Select(lane => lane.Lane)] },
                new NpgsqlParameter<long[]> { TypedValue = [.. lanes.Select(lane => lane.Position)] },
                new NpgsqlParameter<string[]> { TypedValue = subscription.PassedOver, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Samples[this] = (reader.GetInt64(0), reader.GetDouble(1));
    }

    /// <summary>Reports nothing any more: the lanes are others'.</summary>
    public void Forget() => Samples.TryRemove(this, out _);

    private static IEnumerable<Measurement<T>> BySubscription<T>(Func<List<(long Pending, double Oldest)>, T> value)
        where T : struct =>
        Samples.GroupBy(sample => sample.Key.Name).Select(group => new Measurement<T>(
            value([.. group.Select(sample => sample.Value)]), new KeyValuePair<string, object?>(Telemetry.SubscriptionTag, group.Key)));
}
