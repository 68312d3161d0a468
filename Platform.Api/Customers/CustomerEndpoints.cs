using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Domain.Customers;
using Platform.Errors;
using Platform.Identity;

namespace Platform.Api.Customers;

internal static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("Customers");

        customers.MapGet("/", ListAsync).WithName("ListCustomers").WithSummary("List customers, the newest first")
            .RequireAuthorization(ApiScopes.CatalogRead)
            .Refuses(ErrorCode.ValidationError);
        customers.MapGet("/{id:guid}", GetAsync).WithName("GetCustomer").WithSummary("Get a customer")
            .RequireAuthorization(ApiScopes.CatalogRead)
            .Refuses(ErrorCode.ResourceNotFound);
        customers.MapPost("/", CreateAsync).WithName("CreateCustomer").WithSummary("Register a customer")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceAlreadyExists);
        customers.MapPut("/{id:guid}", UpdateAsync).WithName("UpdateCustomer").WithSummary("Change a customer")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.ResourceAlreadyExists, ErrorCode.OperationNotAllowed);
    }

    private static async Task<Ok<PageResponse<CustomerResponse>>> ListAsync(
        [AsParameters] PageQuery page, CustomerQueries customers, CancellationToken cancellationToken) =>
        TypedResults.Ok(PageResponse.From(await customers.ListAsync(page.ToRequest(), cancellationToken), CustomerResponse.From));

    private static async Task<Ok<CustomerResponse>> GetAsync(Guid id, CustomerQueries customers, CancellationToken cancellationToken) =>
        await customers.FindAsync(new CustomerId(id), cancellationToken) is { } customer
            ? TypedResults.Ok(CustomerResponse.From(customer))
            : throw ErrorException.NotFound("customer", id);

    private static async Task<Created<CustomerResponse>> CreateAsync(
        CustomerRequest request, RegisterCustomer registerCustomer, CancellationToken cancellationToken)
    {
        var customer = await registerCustomer.HandleAsync(request.ToDetails(), cancellationToken);
        return TypedResults.Created($"/api/v1/customers/{customer.Id}", CustomerResponse.From(customer));
    }

    private static async Task<Ok<CustomerResponse>> UpdateAsync(
        Guid id, CustomerRequest request, UpdateCustomer updateCustomer, CancellationToken cancellationToken) =>
        TypedResults.Ok(CustomerResponse.From(await updateCustomer.HandleAsync(new CustomerId(id), request.ToDetails(), cancellationToken)));
}
