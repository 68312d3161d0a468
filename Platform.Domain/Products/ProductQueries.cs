using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Paging;
using Platform.Domain.Persistence;

namespace Platform.Domain.Products;

/// <summary>Reads products; nothing that comes back is tracked.</summary>
public sealed class ProductQueries(PlatformDbContext database)
{
    /// <summary>Finds one, or null.</summary>
    public Task<Product?> FindAsync(ProductId id, CancellationToken cancellationToken = default) =>
        database.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken);

    /// <summary>Which version of it there is, or null.</summary>
    public async Task<RowVersion?> VersionAsync(ProductId id, CancellationToken cancellationToken = default) =>
        await database.Products.Where(p => p.Id == id)
            .Select(p => new { p.Version, p.UpdatedAt })
            .SingleOrDefaultAsync(cancellationToken) is { } row ? new RowVersion(row.Version, row.UpdatedAt) : null;

    /// <summary>Lists them, by default the newest first.</summary>
    public Task<Page<Product>> ListAsync(PageRequest page, ProductFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(page);
        return Ordered(page, filter).ToPageAsync(page, p => page.CursorAfter(p.Id.Value, p.Name), cancellationToken);
    }

    /// <summary>Which of them are on a page of the list, and in which version each.</summary>
    public Task<VersionPage> ListVersionsAsync(PageRequest page, ProductFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(page);
        return Ordered(page, filter).Select(p => new VersionRow(p.Id.Value, p.Version, p.UpdatedAt)).ToVersionPageAsync(page, cancellationToken);
    }

    private IQueryable<Product> Ordered(PageRequest page, ProductFilter? filter)
    {
        var products = database.Products.AsNoTracking();
        if (filter?.Active is { } active)
        {
            products = products.Where(p => p.Active == active);
        }

        if (filter?.Sku is { } sku)
        {
            products = products.Where(p => p.Sku == sku);
        }

        var last = new ProductId(page.After ?? default);
        if (page.Order is PageOrder.Created)
        {
            return page.Ascending
                ? (page.After is null ? products : products.Where(p => p.Id > last)).OrderBy(p => p.Id)
                : (page.After is null ? products : products.Where(p => p.Id < last)).OrderByDescending(p => p.Id);
        }

        if (page.After is not null)
        {
            var name = page.AfterName;
            products = page.Ascending
                ? products.Where(p => string.Compare(p.Name, name) > 0 || (p.Name == name && p.Id > last))
                : products.Where(p => string.Compare(p.Name, name) < 0 || (p.Name == name && p.Id < last));
        }

        return page.Ascending
            ? products.OrderBy(p => p.Name).ThenBy(p => p.Id)
            : products.OrderByDescending(p => p.Name).ThenByDescending(p => p.Id);
    }
}

/// <summary>Narrows a list of products.</summary>
/// <param name="Active">Only those that can be ordered, or only those that cannot.</param>
/// <param name="Sku">Only the one with this stock keeping unit.</param>
public sealed record ProductFilter(bool? Active = null, string? Sku = null);
