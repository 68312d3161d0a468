using Microsoft.EntityFrameworkCore;
using Platform.Domain.Paging;
using Platform.Domain.Persistence;

namespace Platform.Domain.Customers;

/// <summary>Reads customers; nothing that comes back is tracked.</summary>
public sealed class CustomerQueries(PlatformDbContext database)
{
    /// <summary>Finds one, or null.</summary>
    public Task<Customer?> FindAsync(CustomerId id, CancellationToken cancellationToken = default) =>
        database.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken);

    /// <summary>Lists them, the newest first.</summary>
    public Task<Page<Customer>> ListAsync(PageRequest page, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(page);
        var customers = database.Customers.AsNoTracking();
        if (page.After is { } after)
        {
            var last = new CustomerId(after);
            customers = customers.Where(c => c.Id < last);
        }

        return customers.OrderByDescending(c => c.Id).ToPageAsync(page, c => c.Id.Value, cancellationToken);
    }
}
