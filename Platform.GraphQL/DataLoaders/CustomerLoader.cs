using Microsoft.EntityFrameworkCore;
using Platform.Domain.Customers;
using Platform.Domain.Persistence;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Customers by id.</summary>
internal sealed class CustomerLoader(IServiceScopeFactory scopes) : BatchLoader<CustomerId, Customer>(scopes)
{
    private static readonly Func<PlatformDbContext, List<CustomerId>, IAsyncEnumerable<Customer>> Query = EF.CompileAsyncQuery(
        (PlatformDbContext database, List<CustomerId> keys) => database.Customers.AsNoTracking().Where(customer => keys.Contains(customer.Id)));

    protected override async Task ReadAsync(
        PlatformDbContext database, List<CustomerId> keys, Dictionary<CustomerId, Customer> values, CancellationToken cancellationToken)
    {
        await foreach (var customer in Query(database, keys).WithCancellation(cancellationToken))
        {
            values.Add(customer.Id, customer);
        }
    }
}
