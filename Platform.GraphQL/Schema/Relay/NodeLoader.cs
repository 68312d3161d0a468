using Microsoft.EntityFrameworkCore;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Payments;
using Platform.Domain.Persistence;
using Platform.Domain.Products;
using Platform.GraphQL.DataLoaders;

namespace Platform.GraphQL.Schema.Relay;

/// <summary>
/// Nodes of any kind by id. Ids are unique among all kinds, so each kind is asked for what the kinds before it do not have, by primary key.
/// </summary>
internal sealed class NodeLoader(IServiceScopeFactory scopes) : BatchLoader<Guid, object>(scopes)
{
    protected override async Task<IReadOnlyDictionary<Guid, object>> ReadAsync(
        PlatformDbContext database, IReadOnlyList<Guid> keys, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, object>(keys.Count);
        await AddAsync(Left(id => new OrderId(id)), ids => database.Orders.Where(order => ids.Contains(order.Id)), order => order.Id.Value);
        await AddAsync(Left(id => new ProductId(id)), ids => database.Products.Where(product => ids.Contains(product.Id)), product => product.Id.Value);
        await AddAsync(Left(id => new CustomerId(id)), ids => database.Customers.Where(customer => ids.Contains(customer.Id)), customer => customer.Id.Value);
        await AddAsync(Left(id => new PaymentId(id)), ids => database.Payments.Where(payment => ids.Contains(payment.Id)), payment => payment.Id.Value);
        return found;

        List<TId> Left<TId>(Func<Guid, TId> typed) => [.. keys.Where(key => !found.ContainsKey(key)).Select(typed)];

        async Task AddAsync<TId, TNode>(List<TId> ids, Func<List<TId>, IQueryable<TNode>> query, Func<TNode, Guid> idOf)
            where TNode : class
        {
            if (ids.Count == 0)
            {
                return;
            }

            foreach (var node in await query(ids).AsNoTracking().ToListAsync(cancellationToken))
            {
                found[idOf(node)] = node;
            }
        }
    }
}
