using Microsoft.EntityFrameworkCore;
using Platform.Domain.Customers;
using Platform.Domain.Persistence;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Customers by id.</summary>
internal sealed class CustomerLoader(IServiceScopeFactory scopes) : BatchLoader<CustomerId, Customer>(scopes)
{
    protected override async Task<IReadOnlyDictionary<CustomerId, Customer>> ReadAsync(
        PlatformDbContext database, IReadOnlyList<CustomerId> keys, CancellationToken cancellationToken) =>
        await database.Customers.AsNoTracking()
            .Where(customer => keys.Contains(customer.Id))
            .ToDictionaryAsync(customer => customer.Id, cancellationToken);
}
