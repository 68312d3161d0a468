using Microsoft.EntityFrameworkCore;
using Platform.Domain.Paging;
using Platform.Domain.Persistence;

namespace Platform.Domain.Products;

/// <summary>Reads products; nothing that comes back is tracked.</summary>
public sealed class ProductQueries(PlatformDbContext database)
{
    /// <summary>Finds one, or null.</summary>
    public Task<Product?> FindAsync(ProductId id, CancellationToken cancellationToken = default) =>
        database.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken);

    /// <summary>Lists them, the newest first.</summary>
    public Task<Page<Product>> ListAsync(PageRequest page, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(page);
        var products = database.Products.AsNoTracking();
        if (page.After is { } after)
        {
            var last = new ProductId(after);
            products = products.Where(p => p.Id < last);
        }

        return products.OrderByDescending(p => p.Id).ToPageAsync(page, p => p.Id.Value, cancellationToken);
    }
}
