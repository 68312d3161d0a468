using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Persistence;
using Platform.Errors;

namespace Platform.Domain.Products;

/// <summary>Changes a product; orders that were placed keep the name and the price they were placed with.</summary>
public sealed class UpdateProduct(PlatformDbContext database, TimeProvider time)
{
    /// <summary>Sets all details of the product and returns it.</summary>
    /// <exception cref="ErrorException">There is no such product, fields are invalid, or the stock keeping unit is taken.</exception>
    public Task<Product> HandleAsync(
        ProductId id, ProductDetails details, WriteCondition? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(details);
        details.Validated();
        return HandleAsync(id, _ => details, condition, cancellationToken);
    }

    /// <summary>Sets the details that come of those that the product has, and returns it.</summary>
    /// <param name="id">Which product.</param>
    /// <param name="change">What the details become.</param>
    /// <param name="condition">Which version is meant; any by default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ErrorException">There is no such product, it is another version, fields are invalid, or the stock keeping unit is taken.</exception>
    public async Task<Product> HandleAsync(
        ProductId id, Func<Product, ProductDetails> change, WriteCondition? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var product = await database.Products.SingleOrDefaultAsync(p => p.Id == id, cancellationToken)
            ?? throw ErrorException.NotFound("product", id);
        condition?.Check(product.RowVersion);
        var (sku, name, price, active) = change(product).Validated();
        product.Change(sku, name, price, active, time.GetUtcNow());
        await database.SaveUniqueAsync("product", "/sku", cancellationToken, condition);
        return product;
    }
}
