using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Persistence;
using Platform.Errors;

namespace Platform.Domain.Customers;

/// <summary>Removes a customer that no order refers to.</summary>
public sealed class DeleteCustomer(PlatformDbContext database)
{
    /// <summary>Removes the customer.</summary>
    /// <exception cref="ErrorException">There is no such customer, it is another version, or an order refers to it.</exception>
    public async Task HandleAsync(CustomerId id, WriteCondition? condition = null, CancellationToken cancellationToken = default)
    {
        var customer = await database.Customers.SingleOrDefaultAsync(row => row.Id == id, cancellationToken)
            ?? throw ErrorException.NotFound("customer", id);
        condition?.Check(customer.RowVersion);
        database.Customers.Remove(customer);
        await database.DeleteAsync("customer", id, condition, cancellationToken);
    }
}
