using Microsoft.EntityFrameworkCore;
using Platform.Domain.Persistence;
using Platform.Errors;

namespace Platform.Domain.Customers;

/// <summary>Changes a customer.</summary>
public sealed class UpdateCustomer(PlatformDbContext database, TimeProvider time)
{
    /// <summary>Sets all details of the customer and returns it.</summary>
    /// <exception cref="ErrorException">There is no such customer, fields are invalid, or the address is taken.</exception>
    public async Task<Customer> HandleAsync(CustomerId id, CustomerDetails details, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(details);
        var (name, email) = details.Validated();
        var customer = await database.Customers.SingleOrDefaultAsync(c => c.Id == id, cancellationToken)
            ?? throw ErrorException.NotFound("customer", id);
        customer.Change(name, email, time.GetUtcNow());
        await database.SaveUniqueAsync("customer", "/email", cancellationToken);
        return customer;
    }
}
