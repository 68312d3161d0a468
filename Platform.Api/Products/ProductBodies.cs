using System.ComponentModel.DataAnnotations;
using Platform.Api.Http;
using Platform.Domain;
using Platform.Domain.Products;
using Platform.Errors;

namespace Platform.Api.Products;

/// <summary>What can be set of a product.</summary>
/// <param name="Sku">The stock keeping unit. Required, at most 64 characters, unique.</param>
/// <param name="Name">Required, at most 200 characters.</param>
/// <param name="Price">The price of one piece. Required.</param>
/// <param name="Active">Whether it can be ordered; true by default.</param>
internal sealed record ProductRequest(
    [property: MaxLength(Product.SkuMaxLength)] string? Sku,
    [property: MaxLength(Product.NameMaxLength)] string? Name,
    MoneyRequest? Price,
    bool? Active = null)
{
    public static ProductRequest From(Product product) =>
        new(product.Sku, product.Name, new MoneyRequest(product.Price.Amount, product.Price.Currency), product.Active);

    public ProductDetails ToDetails()
    {
        var details = new ProductDetails(Sku, Name, Price is { } price ? new Money(price.Amount ?? 0, price.Currency ?? "") : null, Active);
        if (Price is { Amount: null })
        {
            var errors = new FieldErrors();
            errors.Add("/price/amount", "required", "An amount is required.");
            details.Check(errors);
            errors.ThrowIfAny();
        }

        return details;
    }
}

/// <summary>An amount in a currency.</summary>
/// <param name="Amount">In the currency's main unit, at least 0, with at most two decimals. Required.</param>
/// <param name="Currency">Three capital letters (ISO 4217). Required.</param>
internal sealed record MoneyRequest(
    decimal? Amount,
    [property: RegularExpression("^[A-Z]{3}$")] string? Currency);

/// <summary>A product.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Sku">The stock keeping unit.</param>
/// <param name="Name">What a person calls it.</param>
/// <param name="Price">The price of one piece.</param>
/// <param name="Active">Whether it can be ordered.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
internal sealed record ProductResponse(
    Guid Id, string Sku, string Name, MoneyResponse Price, bool Active, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ProductResponse From(Product product) => new(
        product.Id.Value,
        product.Sku,
        product.Name,
        MoneyResponse.From(product.Price),
        product.Active,
        product.CreatedAt.AsStored(),
        product.UpdatedAt.AsStored());
}
