using Microsoft.EntityFrameworkCore;
using Platform.Domain.Persistence;
using Platform.Errors;

namespace Platform.Domain.Products;

/// <summary>Changes a product; orders that were placed keep the name and the price they were placed with.</summary>
public sealed class UpdateProduct(PlatformDbContext database, TimeProvider time)
{
    /// <summary>Sets all details of the product and returns it.</summary>
    /// <exception cref="ErrorException">There is no such product, fields are invalid, or the stock keeping unit is taken.</exception>
    public async Task<Product> HandleAsync(ProductId id, ProductDetails details, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(details);
        var (sku, name, price, active) = details.Validated();
        var product = await database.Products.SingleOrDefaultAsync(p => p.Id == id, cancellationToken)
            ?? throw ErrorException.NotFound("product", id);
        product.Change(sku, name, price, active, time.GetUtcNow());
        await database.SaveUniqueAsync("product", "/sku", cancellationToken);
        return product;
    }
}
