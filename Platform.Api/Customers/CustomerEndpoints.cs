using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Conditional;
using Platform.Domain.Customers;
using Platform.Domain.Paging;
using Platform.Errors;
using Platform.Identity;
using Platform.ServiceDefaults.Compression;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.Idempotency;
using Platform.ServiceDefaults.Redaction;

namespace Platform.Api.Customers;

internal static class CustomerEndpoints
{
    private static readonly (string, PageOrder)[] Sorts = [("createdAt", PageOrder.Created), ("name", PageOrder.Name)];

    public static void MapCustomers(this IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("Customers");

        customers.MapGet("/", ListAsync).WithName("ListCustomers").WithSummary("List customers, the newest first")
            .RequireAuthorization(ApiScopes.CatalogRead)
            .WithListVersion("customer", ListVersionAsync)
            .Compresses()
            .Refuses(ErrorCode.ValidationError);
        customers.MapGet("/{id:guid}", GetAsync).WithName("GetCustomer").WithSummary("Get a customer")
            .RequireAuthorization(ApiScopes.CatalogRead)
            .WithVersion("customer", VersionAsync)
            .Refuses(ErrorCode.ResourceNotFound);
        customers.MapPost("/", CreateAsync).WithName("CreateCustomer").WithSummary("Register a customer")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsBody()
            .Idempotent()
            .Refuses(ErrorCode.ResourceAlreadyExists);
        customers.MapPut("/{id:guid}", UpdateAsync).WithName("UpdateCustomer").WithSummary("Change a customer")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsBody()
            .RequiresVersion()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.ResourceAlreadyExists, ErrorCode.OperationNotAllowed);
        customers.MapPatch("/{id:guid}", PatchAsync).WithName("PatchCustomer").WithSummary("Change some of a customer")
            .WithDescription("A JSON Merge Patch (RFC 7396).")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsPatch<CustomerRequest>()
            .RequiresVersion()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.ResourceAlreadyExists, ErrorCode.OperationNotAllowed);
        customers.MapDelete("/{id:guid}", DeleteAsync).WithName("DeleteCustomer").WithSummary("Remove a customer who never ordered")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .RequiresVersion(always: true)
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
    }

    private static async Task<Ok<PageResponse<CustomerResponse>>> ListAsync(
        [AsParameters] CustomerFilterQuery filter,
        [AsParameters] PageQuery page,
        HttpContext http,
        CustomerQueries customers,
        CancellationToken cancellationToken)
    {
        var (list, wanted) = Read(http, page, filter);
        var items = await customers.ListAsync(list.Request, wanted, cancellationToken);
        return Shown.Page(http, list, items, CustomerResponse.From, customer => (customer.Id.Value, customer.RowVersion));
    }

    private static async Task<Validators?> ListVersionAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var (list, filter) = Read(http, new PageQuery(query["limit"], query["sort"], query["cursor"]), new CustomerFilterQuery(query["email"]));
        return Shown.Validators<CustomerResponse>(
            http, list, await http.RequestServices.GetRequiredService<CustomerQueries>().ListVersionsAsync(list.Request, filter, http.RequestAborted));
    }

    // The order of masked names would tell them, letter by letter, to whoever registers a few of their own.
    private static (ListPage List, CustomerFilter Filter) Read(HttpContext http, PageQuery page, CustomerFilterQuery filter)
    {
        var list = page.Read(http, Sorts, CustomerFilterQuery.Names, new FieldErrors());
        if (list.Request.Order is PageOrder.Name)
        {
            http.RequestServices.GetRequiredService<PersonalReader>().Require(PersonalReader.OrderByName);
        }

        return (list, filter.ToFilter(http));
    }

    private static async Task<Ok<CustomerResponse>> GetAsync(Guid id, HttpContext http, CustomerQueries customers, CancellationToken cancellationToken) =>
        await customers.FindAsync(new CustomerId(id), cancellationToken) is { } customer
            ? Shown.One(http, CustomerResponse.From(customer), customer.RowVersion)
            : throw ErrorException.NotFound("customer", id);

    private static async Task<Validators?> VersionAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<CustomerQueries>().VersionAsync(new CustomerId(http.RouteId()), http.RequestAborted) is { } version
            ? Shown.Validators<CustomerResponse>(http, version)
            : null;

    private static async Task<Created<CustomerResponse>> CreateAsync(
        CustomerRequest request, HttpContext http, RegisterCustomer registerCustomer, CancellationToken cancellationToken)
    {
        var customer = await registerCustomer.HandleAsync(request.ToDetails(), cancellationToken);
        return Shown.Created(http, $"/api/v1/customers/{customer.Id}", CustomerResponse.From(customer), customer.RowVersion);
    }

    private static async Task<Ok<CustomerResponse>> UpdateAsync(
        Guid id, CustomerRequest request, HttpContext http, UpdateCustomer updateCustomer, CancellationToken cancellationToken)
    {
        var customer = await updateCustomer.HandleAsync(new CustomerId(id), request.ToDetails(), http.Condition<CustomerResponse>(), cancellationToken);
        return Shown.Written(http, $"/api/v1/customers/{customer.Id}", CustomerResponse.From(customer), customer.RowVersion);
    }

    private static async Task<Ok<CustomerResponse>> PatchAsync(
        Guid id, JsonElement patch, HttpContext http, UpdateCustomer updateCustomer, CancellationToken cancellationToken)
    {
        var customer = await updateCustomer.HandleAsync(
            new CustomerId(id),
            current => MergePatch.Apply(CustomerRequest.From(current), patch).ToDetails(),
            http.Condition<CustomerResponse>(),
            cancellationToken);
        return Shown.Written(http, $"/api/v1/customers/{customer.Id}", CustomerResponse.From(customer), customer.RowVersion);
    }

    private static async Task<NoContent> DeleteAsync(Guid id, HttpContext http, DeleteCustomer deleteCustomer, CancellationToken cancellationToken)
    {
        await deleteCustomer.HandleAsync(new CustomerId(id), http.Condition<CustomerResponse>(), cancellationToken);
        return TypedResults.NoContent();
    }
}
