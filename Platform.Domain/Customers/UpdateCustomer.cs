using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Persistence;
using Platform.Errors;

namespace Platform.Domain.Customers;

/// <summary>Changes a customer.</summary>
public sealed class UpdateCustomer(PlatformDbContext database, TimeProvider time)
{
    /// <summary>Sets all details of the customer and returns it.</summary>
    /// <exception cref="ErrorException">There is no such customer, fields are invalid, or the address is taken.</exception>
    public Task<Customer> HandleAsync(
        CustomerId id, CustomerDetails details, WriteCondition? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(details);
        details.Validated();
        return HandleAsync(id, _ => details, condition, cancellationToken);
    }

    /// <summary>Sets the details that come of those that the customer has, and returns it.</summary>
    /// <param name="id">Which customer.</param>
    /// <param name="change">What the details become.</param>
    /// <param name="condition">Which version is meant; any by default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ErrorException">There is no such customer, it is another version, fields are invalid, or the address is taken.</exception>
    public async Task<Customer> HandleAsync(
        CustomerId id, Func<Customer, CustomerDetails> change, WriteCondition? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var customer = await database.Customers.SingleOrDefaultAsync(c => c.Id == id, cancellationToken)
            ?? throw ErrorException.NotFound("customer", id);
        condition?.Check(customer.RowVersion);
        var (name, email) = change(customer).Validated();
        customer.Change(name, email, time.GetUtcNow());
        await database.SaveUniqueAsync("customer", "/email", cancellationToken, condition);
        return customer;
    }
}
