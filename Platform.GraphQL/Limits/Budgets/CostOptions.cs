using System.ComponentModel.DataAnnotations;

namespace Platform.GraphQL.Limits.Budgets;

/// <summary>How much callers may ask for. Costs are those of <c>@cost</c> and <c>@listSize</c> in the schema. Section <c>Platform:GraphQL:Cost</c>.</summary>
internal sealed class CostOptions : IValidatableObject
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "Platform:GraphQL:Cost";

    /// <summary>Callers without a token, by address (IPv6: by /64).</summary>
    /// <value>2,000 a request and 50,000 a minute by default.</value>
    public CallerBudget Anonymous { get; set; } = new() { PerRequest = 2_000, PerMinute = 50_000 };

    /// <summary>Callers with a token: a client for itself, or a user.</summary>
    /// <value>20,000 a request and 2,000,000 a minute by default.</value>
    public CallerBudget Client { get; set; } = new() { PerRequest = 20_000, PerMinute = 2_000_000 };

    /// <summary>Staff, and clients that run the platform.</summary>
    /// <value>50,000 a request and 5,000,000 a minute by default.</value>
    public CallerBudget Staff { get; set; } = new() { PerRequest = 50_000, PerMinute = 5_000_000 };

    /// <summary>What a request costs that is refused before its cost is known: to refuse is work too.</summary>
    /// <value>5 by default; 0 to 10,000.</value>
    [Range(0, 10_000)]
    public int Refusal { get; set; } = 5;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, budget) in new[] { (nameof(Anonymous), Anonymous), (nameof(Client), Client), (nameof(Staff), Staff) })
        {
            if (budget.PerRequest < 1 || budget.PerMinute < budget.PerRequest || budget.PerMinute > 1_000_000_000)
            {
                yield return new ValidationResult($"{name}: PerRequest is at least 1, PerMinute at least as much and at most 1,000,000,000.", [name]);
            }
        }
    }
}

/// <summary>How much one caller may ask for.</summary>
internal sealed class CallerBudget
{
    /// <summary>The most that one operation, or one batch of them, may cost.</summary>
    public int PerRequest { get; set; }

    /// <summary>The most that all operations of a minute may cost, over all replicas.</summary>
    public int PerMinute { get; set; }
}
