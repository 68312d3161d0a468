using Platform.Domain.Persistence;
using Platform.Errors;

namespace Platform.Domain.Customers;

/// <summary>Adds a customer.</summary>
public sealed class RegisterCustomer(PlatformDbContext database, TimeProvider time)
{
    /// <summary>Adds the customer and returns it.</summary>
    /// <exception cref="ErrorException">Fields are invalid, or the address is taken.</exception>
    public async Task<Customer> HandleAsync(CustomerDetails details, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(details);
        var (name, email) = details.Validated();
        var customer = new Customer(CustomerId.New(time), name, email, time.GetUtcNow());
        database.Customers.Add(customer);
        await database.SaveUniqueAsync("customer", "/email", cancellationToken);
        return customer;
    }
}
