using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.Conditional;

/// <summary>How often a client's copy was still good: of the requests that asked, those that were told so.</summary>
internal static class Telemetry
{
    private const string Outcome = "platform.http.conditional.outcome";

    private static readonly Meter Meter = new("Platform.Http");

    public static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "platform.http.conditional.requests",
        "{request}",
        "Reads of resources that have an entity tag. Hit rate: not_modified_* over all but unconditional.");

    public static readonly KeyValuePair<string, object?> Unconditional = new(Outcome, "unconditional");
    public static readonly KeyValuePair<string, object?> Modified = new(Outcome, "modified");
    public static readonly KeyValuePair<string, object?> FromMemory = new(Outcome, "not_modified_memory");
    public static readonly KeyValuePair<string, object?> FromDatabase = new(Outcome, "not_modified_database");
    public static readonly KeyValuePair<string, object?> FromBody = new(Outcome, "not_modified_body");
    public static readonly KeyValuePair<string, object?> Failed = new(Outcome, "failed");
}
