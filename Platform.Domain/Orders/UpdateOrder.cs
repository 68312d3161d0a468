using Microsoft.EntityFrameworkCore;
using Platform.Domain.Persistence;
using Platform.Errors;

namespace Platform.Domain.Orders;

/// <summary>Changes what the customer may change of an order after it was placed.</summary>
public sealed class UpdateOrder(PlatformDbContext database, TimeProvider time)
{
    /// <summary>Sets the reference and returns the order.</summary>
    /// <param name="id">Which order.</param>
    /// <param name="reference">At most 64 characters; null or blank removes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ErrorException">There is no such order, its state does not allow it, or the reference is invalid.</exception>
    public async Task<Order> HandleAsync(OrderId id, string? reference, CancellationToken cancellationToken = default)
    {
        var errors = new FieldErrors();
        var checkedReference = errors.Text("/reference", reference, Order.ReferenceMaxLength, required: false);
        errors.ThrowIfAny();

        var order = await database.Orders.SingleOrDefaultAsync(o => o.Id == id, cancellationToken)
            ?? throw ErrorException.NotFound("order", id);
        order.ChangeReference(checkedReference, time.GetUtcNow());
        await database.SaveChangesAsync(cancellationToken);
        return order;
    }
}
