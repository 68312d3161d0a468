using GraphQL;
using GraphQL.Types;
using Platform.Conditional;
using Platform.Domain.Customers;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Customers;
using Platform.GraphQL.Schema.Scalars;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Mutations;

internal static class CustomerMutations
{
    public static void AddCustomers(this ObjectGraphType mutation)
    {
        mutation.Field<RegisterCustomerPayloadType>("registerCustomer")
            .Description("Adds a customer.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.CatalogWrite)
            .Argument<NonNullGraphType<RegisterCustomerInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<RegisterCustomer, CustomerDetails, Customer>(
                (register, details, _, token) => register.HandleAsync(details, token), customer => customer.Id.Value, FindAsync));
        mutation.Field<UpdateCustomerPayloadType>("updateCustomer")
            .Description("Changes a customer: what is given, and nothing else.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.CatalogWrite)
            .Argument<NonNullGraphType<UpdateCustomerInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<UpdateCustomer, CustomerChange, Customer>(
                (update, change, condition, token) => update.HandleAsync(change.Id, change.Of, condition, token), customer => customer.Id.Value, FindAsync));
        mutation.Field<DeleteCustomerPayloadType>("deleteCustomer")
            .Description("Removes a customer who has no orders.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.CatalogWrite)
            .Argument<NonNullGraphType<DeleteCustomerInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<DeleteCustomer, CustomerId, Deleted>(DeleteAsync, deleted => deleted.Id, FindDeletedAsync));
    }

    private static Task<Customer?> FindAsync(IServiceProvider services, Guid id, CancellationToken cancellationToken) =>
        services.GetRequiredService<CustomerQueries>().FindAsync(new CustomerId(id), cancellationToken);

    private static async Task<Deleted> DeleteAsync(DeleteCustomer delete, CustomerId id, WriteCondition? condition, CancellationToken cancellationToken)
    {
        await delete.HandleAsync(id, condition, cancellationToken);
        return new Deleted(id.Value);
    }

    private static Task<Deleted?> FindDeletedAsync(IServiceProvider services, Guid id, CancellationToken cancellationToken) =>
        Task.FromResult<Deleted?>(new Deleted(id));
}

internal sealed class RegisterCustomerPayloadType() : NodePayloadType<Customer, CustomerType>("RegisterCustomerPayload", ApiScopes.CatalogWrite);

internal sealed class UpdateCustomerPayloadType() : NodePayloadType<Customer, CustomerType>("UpdateCustomerPayload", ApiScopes.CatalogWrite);

internal sealed class DeleteCustomerPayloadType() : DeletePayloadType("DeleteCustomerPayload", "deletedCustomerId", ApiScopes.CatalogWrite);

internal sealed class RegisterCustomerInputType : MutationInputType<CustomerDetails>
{
    public RegisterCustomerInputType()
        : base("RegisterCustomerInput", conditional: false)
    {
        Field<NonNullGraphType<StringGraphType>>("name").Description($"At most {Customer.NameMaxLength} characters.");
        Field<NonNullGraphType<StringGraphType>>("email").Description("One address, that no other customer has.");
    }

    protected override CustomerDetails Read(IDictionary<string, object?> fields) => new((string?)fields["name"], (string?)fields["email"]);
}

/// <summary>What is to become of a customer.</summary>
internal sealed record CustomerChange(CustomerId Id, Given<string>? Name, Given<string>? Email)
{
    public CustomerDetails Of(Customer customer) =>
        new(Name is { } name ? name.Value : customer.Name, Email is { } email ? email.Value : customer.Email);
}

internal sealed class UpdateCustomerInputType : MutationInputType<CustomerChange>
{
    public UpdateCustomerInputType()
        : base("UpdateCustomerInput", conditional: true)
    {
        Field<NonNullGraphType<IdType>>("customerId").Description("Which customer.");
        Field<StringGraphType>("name").Description($"At most {Customer.NameMaxLength} characters.");
        Field<StringGraphType>("email").Description("One address, that no other customer has.");
    }

    protected override CustomerChange Read(IDictionary<string, object?> fields) =>
        new(new CustomerId((Guid)fields["customerId"]!), Given<string>(fields, "name"), Given<string>(fields, "email"));
}

internal sealed class DeleteCustomerInputType : MutationInputType<CustomerId>
{
    public DeleteCustomerInputType()
        : base("DeleteCustomerInput", conditional: true) =>
        Field<NonNullGraphType<IdType>>("customerId").Description("Which customer.");

    protected override CustomerId Read(IDictionary<string, object?> fields) => new((Guid)fields["customerId"]!);
}
