using Microsoft.EntityFrameworkCore;
using Platform.Domain.Persistence;
using Platform.Domain.Products;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Products by id.</summary>
internal sealed class ProductLoader(IServiceScopeFactory scopes) : BatchLoader<ProductId, Product>(scopes)
{
    private static readonly Func<PlatformDbContext, List<ProductId>, IAsyncEnumerable<Product>> Query = EF.CompileAsyncQuery(
        (PlatformDbContext database, List<ProductId> keys) => database.Products.AsNoTracking().Where(product => keys.Contains(product.Id)));

    protected override async Task ReadAsync(
        PlatformDbContext database, List<ProductId> keys, Dictionary<ProductId, Product> values, CancellationToken cancellationToken)
    {
        await foreach (var product in Query(database, keys).WithCancellation(cancellationToken))
        {
            values.Add(product.Id, product);
        }
    }
}
