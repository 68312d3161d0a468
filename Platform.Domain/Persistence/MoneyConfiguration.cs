using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platform.Domain.Persistence;

internal static class MoneyConfiguration
{
    // numeric(14,2) holds Money.MaxAmount exactly.
    public static void IsMoney(this ComplexPropertyBuilder<Money> money, string amountColumn, string currencyColumn)
    {
        money.Property(m => m.Amount).HasPrecision(14, 2).HasColumnName(amountColumn);
        money.Property(m => m.Currency).HasMaxLength(3).HasColumnName(currencyColumn);
    }
}
