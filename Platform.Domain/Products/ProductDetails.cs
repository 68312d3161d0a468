using Platform.Errors;

namespace Platform.Domain.Products;

/// <summary>What can be set of a product.</summary>
/// <param name="Sku">Required, at most 64 characters, unique.</param>
/// <param name="Name">Required, at most 200 characters.</param>
/// <param name="Price">Required: an amount of at least 0 with at most two decimals, and an ISO 4217 currency.</param>
/// <param name="Active">Whether it can be ordered; true by default.</param>
public sealed record ProductDetails(string? Sku, string? Name, Money? Price, bool? Active = true)
{
    /// <summary>Names every field that is wrong.</summary>
    /// <param name="errors">Takes them.</param>
    public void Check(FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Text("/sku", Sku, Product.SkuMaxLength);
        errors.Text("/name", Name, Product.NameMaxLength);
        if (Price is not { } price)
        {
            errors.Add("/price", "required", "A price is required.");
            return;
        }

        if (price.Amount is < 0 or > Money.MaxAmount || decimal.Round(price.Amount, 2) != price.Amount)
        {
            errors.Add("/price/amount", "out_of_range", "The amount is between 0 and 999999999999.99 with at most two decimals.");
        }

        if (!Money.IsCurrency(price.Currency))
        {
            errors.Add("/price/currency", "invalid", "A currency is three capital letters (ISO 4217).");
        }
    }

    internal (string Sku, string Name, Money Price, bool Active) Validated()
    {
        var errors = new FieldErrors();
        Check(errors);
        errors.ThrowIfAny();
        return (Sku!.Trim(), Name!.Trim(), Price!.Value, Active ?? true);
    }
}
