using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Persistence;
using Platform.Errors;
using Platform.Messaging;

namespace Platform.Domain.Orders;

/// <summary>Changes what the customer may change of an order after it was placed; tells of it with <see cref="OrderUpdated"/>.</summary>
public sealed class UpdateOrder(PlatformDbContext database, IOutbox outbox, TimeProvider time)
{
    /// <summary>Sets the reference and returns the order.</summary>
    /// <param name="id">Which order.</param>
    /// <param name="reference">At most 64 characters; null or blank removes it.</param>
    /// <param name="condition">Which version is meant; any by default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ErrorException">There is no such order, it is another version, its state does not allow it, or the reference is invalid.</exception>
    public Task<Order> HandleAsync(
        OrderId id, string? reference, WriteCondition? condition = null, CancellationToken cancellationToken = default)
    {
        Checked(reference);
        return HandleAsync(id, _ => reference, condition, cancellationToken);
    }

    /// <summary>Sets the reference that comes of the order as it is, and returns it.</summary>
    /// <inheritdoc cref="HandleAsync(OrderId, string?, WriteCondition?, CancellationToken)"/>
    /// <param name="id">Which order.</param>
    /// <param name="change">What the reference becomes.</param>
    /// <param name="condition">Which version is meant; any by default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Order> HandleAsync(
        OrderId id, Func<Order, string?> change, WriteCondition? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var order = await database.Orders.SingleOrDefaultAsync(o => o.Id == id, cancellationToken)
            ?? throw ErrorException.NotFound("order", id);
        condition?.Check(order.RowVersion);
        order.ChangeReference(Checked(change(order)), time.GetUtcNow());
        outbox.Enqueue(new OrderUpdated(id));
        await database.SaveAsync(condition, cancellationToken);
        return order;
    }

    private static string? Checked(string? reference)
    {
        var errors = new FieldErrors();
        var text = errors.Text("/reference", reference, Order.ReferenceMaxLength, required: false);
        errors.ThrowIfAny();
        return text;
    }
}
