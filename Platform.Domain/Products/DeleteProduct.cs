using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Persistence;
using Platform.Errors;

namespace Platform.Domain.Products;

/// <summary>Removes a product that no order refers to.</summary>
public sealed class DeleteProduct(PlatformDbContext database)
{
    /// <summary>Removes the product.</summary>
    /// <exception cref="ErrorException">There is no such product, it is another version, or an order refers to it.</exception>
    public async Task HandleAsync(ProductId id, WriteCondition? condition = null, CancellationToken cancellationToken = default)
    {
        var product = await database.Products.SingleOrDefaultAsync(row => row.Id == id, cancellationToken)
            ?? throw ErrorException.NotFound("product", id);
        condition?.Check(product.RowVersion);
        database.Products.Remove(product);
        await database.DeleteAsync("product", id, condition, cancellationToken);
    }
}
