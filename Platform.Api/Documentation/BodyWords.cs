using Platform.Api.Messaging;
using Platform.Domain.Orders;

namespace Platform.Api.Documentation;

/// <summary>Members that are texts in the code and one of a few words on the wire.</summary>
internal static class BodyWords
{
    private static readonly string[] Kinds = ["customer", "product", "order"];
    private static readonly string[] States = ["closed", "half_open", "open"];
    private static readonly string[] FlagKinds = ["flag", "switch", "sample", "segment", "envelope"];
    private static readonly string[] FlagActions = ["created", "enabled", "disabled", "rollout_changed", "updated", "deleted"];

    /// <summary>The words; null for what may be anything.</summary>
    public static IReadOnlyList<string>? Of(string schema, string member) => (schema, member) switch
    {
        ("OrderResponse", "status") or ("OrderSummaryItem", "status") => [.. Enum.GetValues<OrderStatus>().Select(OrderStatusText.ToText)],
        ("PaymentResponse", "status") => ["captured", "refunded"],
        ("SyncChange" or "OfflineChange", "kind") => Kinds,
        ("OfflineChange", "operation") => ["create", "patch", "delete"],
        ("OfflineResult", "status") => ["applied", "conflict", "rejected"],
        ("BreakerResponse" or "BreakerReplicaResponse", "state") => States,
        ("BreakerResponse", "order") => ["none", "open", "close"],
        ("BreakerCommandResponse", "verb") => ["open", "close", "reset", "configure", "unconfigure"],
        ("AuditResponse", "outcome") => ["succeeded", "denied", "failed"],
        ("BudgetResponse", "source") => ["default", "configuration", "operator"],
        ("BudgetViolationResponse", "percentile") => ["p50", "p95", "p99"],
        ("DeadLetterResponse" or "DeadLetterFilterBody", "cause") => DeadLetterQuery.Causes,
        ("DeadLetterActionResponse", "action") => ["edited", "replayed", "discarded"],
        ("FlagChangedItem" or "FlagAuditItem", "kind") => FlagKinds,
        ("FlagChangedItem" or "FlagAuditItem", "action") => FlagActions,
        ("GuardBody", "kind") => ["errorRate", "p95"],
        ("RolloutStateResponse", "status") => ["idle", "running", "paused", "rolledBack", "completed"],
        ("LogLevelRequest" or "LogLevelResponse", "level") => Enum.GetNames<LogLevel>(),
        ("StaleFlagResponse", "reason") => ["notEvaluated", "fullyOn", "expired"],
        _ => null,
    };
}
