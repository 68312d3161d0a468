using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Paging;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Redaction;
using Platform.Redaction;

namespace Platform.Domain.Customers;

/// <summary>Reads customers; nothing that comes back is tracked.</summary>
public sealed class CustomerQueries(PlatformDbContext database)
{
    /// <summary>Finds one, or null.</summary>
    public Task<Customer?> FindAsync(CustomerId id, CancellationToken cancellationToken = default) =>
        database.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken);

    /// <summary>Which version of it there is, or null.</summary>
    public async Task<RowVersion?> VersionAsync(CustomerId id, CancellationToken cancellationToken = default) =>
        await database.Customers.Where(c => c.Id == id)
            .Select(c => new { c.Version, c.UpdatedAt })
            .SingleOrDefaultAsync(cancellationToken) is { } row ? new RowVersion(row.Version, row.UpdatedAt) : null;

    /// <summary>Lists them, by default the newest first.</summary>
    public Task<Page<Customer>> ListAsync(PageRequest page, CustomerFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(page);
        return Ordered(page, filter).ToPageAsync(page, c => page.CursorAfter(c.Id.Value, c.Name), cancellationToken);
    }

    /// <summary>Which of them are on a page of the list, and in which version each.</summary>
    public Task<VersionPage> ListVersionsAsync(PageRequest page, CustomerFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(page);
        return Ordered(page, filter).Select(c => new VersionRow(c.Id.Value, c.Version, c.UpdatedAt)).ToVersionPageAsync(page, cancellationToken);
    }

    private IQueryable<Customer> Ordered(PageRequest page, CustomerFilter? filter)
    {
        var customers = database.Customers.AsNoTracking();
        if (filter?.Email is { } email)
        {
            var key = email.ToLowerInvariant();
            if (SealedColumns.SealOf(database) is { } seal)
            {
                // What was written before there was a key stands there as it is.
                var hashes = seal.Hashes(email, CustomerConfiguration.EmailColumn);
                customers = customers.Where(c => hashes.Contains(EF.Property<byte[]>(c, CustomerConfiguration.EmailHash)) || EF.Property<string>(c, CustomerConfiguration.EmailKey) == key);
            }
            else
            {
                customers = customers.Where(c => EF.Property<string>(c, CustomerConfiguration.EmailKey) == key);
            }
        }

        var last = new CustomerId(page.After ?? default);
        if (page.Order is PageOrder.Created)
        {
            return page.Ascending
                ? (page.After is null ? customers : customers.Where(c => c.Id > last)).OrderBy(c => c.Id)
                : (page.After is null ? customers : customers.Where(c => c.Id < last)).OrderByDescending(c => c.Id);
        }

        if (page.After is not null)
        {
            var name = page.AfterName;
            customers = page.Ascending
                ? customers.Where(c => string.Compare(c.Name, name) > 0 || (c.Name == name && c.Id > last))
                : customers.Where(c => string.Compare(c.Name, name) < 0 || (c.Name == name && c.Id < last));
        }

        return page.Ascending
            ? customers.OrderBy(c => c.Name).ThenBy(c => c.Id)
            : customers.OrderByDescending(c => c.Name).ThenByDescending(c => c.Id);
    }
}

/// <summary>Narrows a list of customers.</summary>
/// <param name="Email">Only the one with this address, without regard to case.</param>
public sealed record CustomerFilter([Personal(PiiType.Email)] string? Email = null)
{
    /// <inheritdoc/>
    public override string ToString() => this.ToSafe().ToString();
}
