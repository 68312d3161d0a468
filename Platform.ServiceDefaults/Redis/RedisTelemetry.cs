using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace Platform.ServiceDefaults.Redis;

/// <summary>Names of what is told of Redis (OpenTelemetry semantic conventions, "Database spans", "Database metrics" and "Redis").</summary>
internal static class RedisTelemetry
{
    public const string Name = "Platform.Redis";

    private const string System = "db.system.name";
    private const string Operation = "db.operation.name";
    private const string Namespace = "db.namespace";
    private const string Address = "server.address";
    private const string Port = "server.port";
    private const string Redis = "redis";
    private const int DefaultPort = 6379;

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "db.client.operation.duration",
        "s",
        "Duration of commands of Redis, from the call to the answer.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });

    /// <summary>Reports a command: the time that it took, and a span under the one that it was sent in.</summary>
    public static Activity? Report(IProfiledCommand command, Activity? parent)
    {
        var (address, port) = Server(command.EndPoint);
        Duration.Record(command.ElapsedTime.TotalSeconds, new TagList { { System, Redis }, { Operation, command.Command }, { Address, address }, { Port, port } });
        if (parent is null)
        {
            return null;
        }

        // No argument of a command: keys and values can be anything.
        var started = new DateTimeOffset(DateTime.SpecifyKind(command.CommandCreated, DateTimeKind.Utc));
        var span = Source.CreateActivity(command.Command, ActivityKind.Client, parent.Context, idFormat: ActivityIdFormat.W3C);
        if (span is null)
        {
            return null;
        }

        span.SetTag(System, Redis).SetTag(Operation, command.Command).SetTag(Namespace, command.Db.ToString(global::System.Globalization.CultureInfo.InvariantCulture))
            .SetTag(Address, address).SetTag(Port, port);
        span.SetStartTime(started.UtcDateTime);
        return span;
    }

    /// <summary>Reports how a connection stands.</summary>
    public static void Observe(IMeterFactory meters, IConnectionMultiplexer redis)
    {
        var meter = meters.Create(Name);
        meter.CreateObservableUpDownCounter("platform.redis.connected", () => redis.IsConnected ? 1 : 0, "{connection}", "Connections to Redis that work.");
        meter.CreateObservableCounter("platform.redis.operations", () => redis.OperationCount, "{operation}", "Commands that were sent to Redis.");
        meter.CreateObservableUpDownCounter(
            "platform.redis.outstanding", () => redis.GetCounters().TotalOutstanding, "{operation}", "Commands that wait to be sent or answered.");
    }

    private static (string Address, int Port) Server(EndPoint? endpoint) => endpoint switch
    {
        DnsEndPoint dns => (dns.Host, dns.Port),
        IPEndPoint ip => (ip.Address.ToString(), ip.Port),
        _ => (endpoint?.ToString() ?? "unknown", DefaultPort),
    };
}
