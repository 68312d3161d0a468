using Microsoft.EntityFrameworkCore;
using Platform.Api.Customers;
using Platform.Api.Http;
using Platform.Api.Orders;
using Platform.Api.Products;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Persistence;
using Platform.Domain.Products;

namespace Platform.Api.Sync;

/// <summary>Reads the resources that are kept in step: as they are now, with their versions.</summary>
internal sealed class SyncResources(PlatformDbContext database)
{
    /// <summary>In the order in which they are listed: what others refer to comes first.</summary>
    public static readonly string[] Kinds = ["customer", "product", "order"];

    /// <summary>Lists a kind by id.</summary>
    public async Task<IReadOnlyList<SyncChange>> ListAsync(string kind, Guid after, int limit, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case "customer":
                var customer = new CustomerId(after);
                return [.. (await database.Customers.AsNoTracking().Where(c => c.Id > customer).OrderBy(c => c.Id).Take(limit).ToListAsync(cancellationToken)).Select(Of)];
            case "product":
                var product = new ProductId(after);
                return [.. (await database.Products.AsNoTracking().Where(p => p.Id > product).OrderBy(p => p.Id).Take(limit).ToListAsync(cancellationToken)).Select(Of)];
            default:
                var order = new OrderId(after);
                return [.. (await database.Orders.AsNoTracking().Where(o => o.Id > order).OrderBy(o => o.Id).Take(limit).ToListAsync(cancellationToken)).Select(Of)];
        }
    }

    /// <summary>Finds resources; one that is not there is gone.</summary>
    public async Task<IReadOnlyDictionary<(string Kind, Guid Id), SyncChange>> FindAsync(
        IReadOnlyCollection<(string Kind, Guid Id)> wanted, CancellationToken cancellationToken)
    {
        var found = wanted.ToDictionary(key => key, key => new SyncChange(key.Kind, key.Id, Deleted: true, null));
        var customers = wanted.Where(key => key.Kind == "customer").Select(key => new CustomerId(key.Id)).ToArray();
        var products = wanted.Where(key => key.Kind == "product").Select(key => new ProductId(key.Id)).ToArray();
        var orders = wanted.Where(key => key.Kind == "order").Select(key => new OrderId(key.Id)).ToArray();
        if (customers.Length > 0)
        {
            await foreach (var customer in database.Customers.AsNoTracking().Where(c => customers.Contains(c.Id)).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                found[("customer", customer.Id.Value)] = Of(customer);
            }
        }

        if (products.Length > 0)
        {
            await foreach (var product in database.Products.AsNoTracking().Where(p => products.Contains(p.Id)).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                found[("product", product.Id.Value)] = Of(product);
            }
        }

        if (orders.Length > 0)
        {
            await foreach (var order in database.Orders.AsNoTracking().Where(o => orders.Contains(o.Id)).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                found[("order", order.Id.Value)] = Of(order);
            }
        }

        return found;
    }

    public static SyncChange Of(Customer customer) => new(
        "customer", customer.Id.Value, false, Shown.Version<CustomerResponse>(customer.RowVersion), Customer: CustomerResponse.From(customer));

    public static SyncChange Of(Product product) => new(
        "product", product.Id.Value, false, Shown.Version<ProductResponse>(product.RowVersion), Product: ProductResponse.From(product));

    public static SyncChange Of(Order order) => new(
        "order", order.Id.Value, false, Shown.Version<OrderResponse>(order.RowVersion), Order: OrderResponse.From(order));
}
