using Platform.Domain;

namespace Platform.Api.Http;

/// <summary>An amount in a currency.</summary>
/// <param name="Amount">In the currency's main unit, two decimals.</param>
/// <param name="Currency">ISO 4217, three capital letters.</param>
internal sealed record MoneyResponse(decimal Amount, string Currency)
{
    public static MoneyResponse From(Money money) => new(money.Amount, money.Currency);
}
