using Platform.FeatureFlags;

namespace Platform.Domain;

/// <summary>The flags of the sample business, each declared once.</summary>
public static class DomainFlags
{
    /// <summary>The summary of orders, in REST and GraphQL.</summary>
    public static readonly Flag<bool> OrderSummary = Flag.Declare("order_summary");
}
