namespace Platform.GraphQL.Limits.Cost;

/// <summary>What an operation costs at most, reckoned from the document and its variables alone (IBM's "GraphQL Cost Directives", static query analysis).</summary>
/// <param name="Field">Fields that are resolved, by their weights.</param>
/// <param name="Type">Objects that come out, by the weights of their types.</param>
internal readonly record struct OperationCost(double Field, double Type)
{
    /// <summary>What is held against budgets: both together, rounded up.</summary>
    public long Total => (long)Math.Min(Math.Ceiling(Math.Max(0, Field + Type)), long.MaxValue / 2);
}
