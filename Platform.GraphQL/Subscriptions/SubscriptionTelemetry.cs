using System.Diagnostics.Metrics;

namespace Platform.GraphQL.Subscriptions;

/// <summary>Names of what open connections report.</summary>
internal static class SubscriptionTelemetry
{
    /// <summary>How a connection is made: <c>websocket</c>, <c>sse</c> or <c>sse-single</c>.</summary>
    public const string Transport = "platform.graphql.transport";

    /// <summary>Why a subscription ended: <c>completed</c>, <c>slow</c>, <c>expired</c>, <c>failed</c>.</summary>
    public const string Outcome = "platform.graphql.subscription.outcome";

    private static readonly Meter Meter = new(Telemetry.Name);

    /// <summary>Connections that are open.</summary>
    public static readonly UpDownCounter<long> Connections =
        Meter.CreateUpDownCounter<long>("platform.graphql.connections", "{connection}", "Open WebSockets and event streams.");

    /// <summary>Subscriptions that are under way.</summary>
    public static readonly UpDownCounter<long> Active =
        Meter.CreateUpDownCounter<long>("platform.graphql.subscriptions", "{subscription}", "Subscriptions under way.");

    /// <summary>Subscriptions that ended.</summary>
    public static readonly Counter<long> Ended =
        Meter.CreateCounter<long>("platform.graphql.subscriptions.ended", "{subscription}", "Subscriptions that ended, by outcome.");

    /// <summary>Events that were sent to subscribers.</summary>
    public static readonly Counter<long> Events =
        Meter.CreateCounter<long>("platform.graphql.subscription.events", "{event}", "Events that were sent to subscribers.");
}
