using System.ComponentModel.DataAnnotations;
using Platform.Api.Http;
using Platform.Domain.Customers;
using Platform.Redaction;

namespace Platform.Api.Customers;

/// <summary>What can be set of a customer.</summary>
/// <param name="Name">Required, at most 200 characters.</param>
/// <param name="Email">Required, one e-mail address of at most 254 characters, unique.</param>
internal sealed record CustomerRequest(
    [property: MaxLength(Customer.NameMaxLength), Personal(PiiType.PersonName)] string? Name,
    [property: MaxLength(Customer.EmailMaxLength), Personal(PiiType.Email)] string? Email)
{
    public static CustomerRequest From(Customer customer) => new(customer.Name, customer.Email);

    public CustomerDetails ToDetails() => new(Name, Email);

    public override string ToString() => this.ToSafe().ToString();
}

/// <summary>A customer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The full name.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
internal sealed record CustomerResponse(
    Guid Id, [Personal(PiiType.PersonName)] string Name, [Personal(PiiType.Email)] string Email, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static CustomerResponse From(Customer customer) =>
        new(customer.Id.Value, customer.Name, customer.Email, customer.CreatedAt.AsStored(), customer.UpdatedAt.AsStored());

    public override string ToString() => this.ToSafe().ToString();
}
