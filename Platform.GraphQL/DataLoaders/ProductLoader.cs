using Microsoft.EntityFrameworkCore;
using Platform.Domain.Persistence;
using Platform.Domain.Products;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Products by id.</summary>
internal sealed class ProductLoader(IServiceScopeFactory scopes) : BatchLoader<ProductId, Product>(scopes)
{
    protected override async Task<IReadOnlyDictionary<ProductId, Product>> ReadAsync(
        PlatformDbContext database, IReadOnlyList<ProductId> keys, CancellationToken cancellationToken) =>
        await database.Products.AsNoTracking()
            .Where(product => keys.Contains(product.Id))
            .ToDictionaryAsync(product => product.Id, cancellationToken);
}
