namespace Platform.GraphQL.Limits.Budgets;

/// <summary>Out of whose budget an operation is paid.</summary>
/// <param name="Class">Which kind of caller: the name of its budget.</param>
/// <param name="Key">Which one of them.</param>
/// <param name="Budget">What it may spend.</param>
internal sealed record Payer(string Class, string Key, CallerBudget Budget);
