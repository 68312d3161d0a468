namespace Platform.Domain;

/// <summary>An amount in a currency.</summary>
/// <param name="Amount">In the currency's main unit, two decimals.</param>
/// <param name="Currency">ISO 4217, three capital letters.</param>
public readonly record struct Money(decimal Amount, string Currency)
{
    /// <summary>The largest amount that is kept: twelve digits before the point.</summary>
    public const decimal MaxAmount = 999_999_999_999.99m;

    /// <summary>Adds two amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right) =>
        left.Currency == right.Currency
            ? left with { Amount = left.Amount + right.Amount }
            : throw new InvalidOperationException("Amounts of different currencies cannot be added.");

    /// <summary>Multiplies by a number of pieces.</summary>
    public static Money operator *(Money price, int quantity) => price with { Amount = price.Amount * quantity };

    /// <summary>Tells whether <paramref name="currency"/> has the form of an ISO 4217 code.</summary>
    public static bool IsCurrency(string? currency) => currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper);
}
