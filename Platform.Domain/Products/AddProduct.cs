using Platform.Domain.Persistence;
using Platform.Errors;

namespace Platform.Domain.Products;

/// <summary>Adds a product to the catalogue.</summary>
public sealed class AddProduct(PlatformDbContext database, TimeProvider time)
{
    /// <summary>Adds the product and returns it.</summary>
    /// <exception cref="ErrorException">Fields are invalid, or the stock keeping unit is taken.</exception>
    public async Task<Product> HandleAsync(ProductDetails details, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(details);
        var (sku, name, price, active) = details.Validated();
        var now = time.GetUtcNow();
        var product = new Product(ProductId.New(time), sku, name, price, now);
        product.Change(sku, name, price, active, now);
        database.Products.Add(product);
        await database.SaveUniqueAsync("product", "/sku", cancellationToken);
        return product;
    }
}
