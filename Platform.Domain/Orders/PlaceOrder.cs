using Microsoft.EntityFrameworkCore;
using Platform.Domain.Persistence;
using Platform.Domain.Products;
using Platform.Errors;
using Platform.Messaging;

namespace Platform.Domain.Orders;

/// <summary>Takes an order: the order and <see cref="OrderPlaced"/> are saved in one transaction.</summary>
public sealed class PlaceOrder(PlatformDbContext database, IOutbox outbox, TimeProvider time)
{
    /// <summary>Takes the order and returns it.</summary>
    /// <exception cref="ErrorException">Fields are invalid, or name a customer or product that does not exist or cannot be ordered.</exception>
    public async Task<Order> HandleAsync(PlaceOrderCommand command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var (customerId, lines, reference) = command.Validated();

        var errors = new FieldErrors();
        if (!await database.Customers.AnyAsync(customer => customer.Id == customerId, cancellationToken))
        {
            errors.Add("/customerId", "not_found", "There is no such customer.");
        }

        var orderLines = await PricedAsync(lines, errors, cancellationToken);
        errors.ThrowIfAny();

        var order = new Order(OrderId.New(time), customerId, reference, orderLines, time.GetUtcNow());
        if (order.Total.Amount > Money.MaxAmount)
        {
            throw new ErrorException(ErrorCode.BusinessRuleViolation, "The order's total is too large.");
        }

        database.Orders.Add(order);
        outbox.Enqueue(new OrderPlaced(order.Id, customerId, order.Total.Amount, order.Total.Currency));
        await database.SaveChangesAsync(cancellationToken);
        return order;
    }

    private async Task<List<OrderLine>> PricedAsync(
        IReadOnlyList<(ProductId ProductId, int Quantity)> lines, FieldErrors errors, CancellationToken cancellationToken)
    {
        var ids = lines.Select(line => line.ProductId).ToArray();
        var products = await database.Products.AsNoTracking()
            .Where(product => ids.Contains(product.Id))
            .ToDictionaryAsync(product => product.Id, cancellationToken);

        var priced = new List<OrderLine>(lines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var (id, quantity) = lines[i];
            if (!products.TryGetValue(id, out var product))
            {
                errors.Add($"/lines/{i}/productId", "not_found", "There is no such product.");
            }
            else if (!product.Active)
            {
                errors.Add($"/lines/{i}/productId", "not_available", "The product cannot be ordered at present.");
            }
            else if (priced.Count > 0 && priced[0].UnitPrice.Currency != product.Price.Currency)
            {
                errors.Add($"/lines/{i}/productId", "currency_mismatch", "All products of an order are priced in one currency.");
            }
            else
            {
                priced.Add(new OrderLine(i + 1, id, product.Name, quantity, product.Price));
            }
        }

        return priced;
    }
}
