using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Conditional;
using Platform.Domain;
using Platform.Domain.Orders;
using Platform.Domain.Paging;
using Platform.Errors;
using Platform.Identity;
using Platform.ServiceDefaults.Compression;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.FeatureFlags.Gates;
using Platform.ServiceDefaults.Idempotency;

namespace Platform.Api.Orders;

internal static class OrderEndpoints
{
    private static readonly (string, PageOrder)[] Sorts = [("placedAt", PageOrder.Created)];

    public static void MapOrders(this IEndpointRouteBuilder api)
    {
        var orders = api.MapGroup("/orders").WithTags("Orders");

        orders.MapGet("/", ListAsync).WithName("ListOrders").WithSummary("List orders, the newest first")
            .RequireAuthorization(ApiScopes.OrdersRead)
            .WithListVersion("order", ListVersionAsync)
            .Compresses()
            .Refuses(ErrorCode.ValidationError);
        orders.MapGet("/summary", SummarizeAsync).WithName("SummarizeOrders").WithSummary("Count the orders and add them up, by status")
            .WithDescription("Behind the flag `order_summary`: 404 for callers for whom it is off.")
            .RequireAuthorization(ApiScopes.OrdersRead)
            .WithBodyTag()
            .RequireFlag(DomainFlags.OrderSummary)
            .Refuses(ErrorCode.ResourceNotFound);
        orders.MapGet("/{id:guid}", GetAsync).WithName("GetOrder").WithSummary("Get an order")
            .RequireAuthorization(ApiScopes.OrdersRead)
            .WithVersion("order", VersionAsync)
            .Refuses(ErrorCode.ResourceNotFound);
        orders.MapPost("/", PlaceAsync).WithName("PlaceOrder").WithSummary("Place an order")
            .WithDescription("It is charged in the background: read it again to see it become paid.")
            .RequireAuthorization(ApiScopes.OrdersWrite)
            .ReadsBody()
            .Idempotent()
            .Refuses(ErrorCode.BusinessRuleViolation);
        orders.MapPut("/{id:guid}", UpdateAsync).WithName("UpdateOrder").WithSummary("Change the reference of an order")
            .RequireAuthorization(ApiScopes.OrdersWrite)
            .ReadsBody()
            .RequiresVersion()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
        orders.MapPatch("/{id:guid}", PatchAsync).WithName("PatchOrder").WithSummary("Change the reference of an order")
            .WithDescription("A JSON Merge Patch (RFC 7396).")
            .RequireAuthorization(ApiScopes.OrdersWrite)
            .ReadsPatch<OrderChangeRequest>()
            .RequiresVersion()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
        orders.MapPost("/{id:guid}/cancel", CancelAsync).WithName("CancelOrder").WithSummary("Call an order off")
            .WithDescription("Until it is shipped. What was paid is refunded.")
            .RequireAuthorization(ApiScopes.OrdersWrite)
            .Idempotent()
            .WithMetadata(new HonoursTagMetadata())
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
        orders.MapPost("/{id:guid}/ship", ShipAsync).WithName("ShipOrder").WithSummary("Send a paid order on its way")
            .RequireAuthorization(ApiScopes.OrdersWrite)
            .Idempotent()
            .WithMetadata(new HonoursTagMetadata())
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
    }

    private static async Task<Ok<PageResponse<OrderResponse>>> ListAsync(
        [AsParameters] OrderFilterQuery filter,
        [AsParameters] PageQuery page,
        HttpContext http,
        OrderQueries orders,
        CancellationToken cancellationToken)
    {
        var (list, chosen) = Read(http, page, filter);
        var items = await orders.ListAsync(chosen, list.Request, cancellationToken);
        return Shown.Page(http, list, items, OrderResponse.From, order => (order.Id.Value, order.RowVersion));
    }

    private static async Task<Validators?> ListVersionAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var (list, filter) = Read(http, new PageQuery(query["limit"], query["sort"], query["cursor"]), new OrderFilterQuery(query["status"], query["customerId"]));
        return Shown.Validators<OrderResponse>(
            http, list, await http.RequestServices.GetRequiredService<OrderQueries>().ListVersionsAsync(filter, list.Request, http.RequestAborted));
    }

    private static (ListPage List, OrderFilter Filter) Read(HttpContext http, PageQuery page, OrderFilterQuery filter)
    {
        var errors = new FieldErrors();
        var chosen = filter.ToFilter(errors);
        return (page.Read(http, Sorts, OrderFilterQuery.Names, errors), chosen);
    }

    private static async Task<Ok<OrderSummaryResponse>> SummarizeAsync(OrderQueries orders, CancellationToken cancellationToken) =>
        TypedResults.Ok(OrderSummaryResponse.From(await orders.SummarizeAsync(cancellationToken)));

    private static async Task<Ok<OrderResponse>> GetAsync(Guid id, HttpContext http, OrderQueries orders, CancellationToken cancellationToken) =>
        await orders.FindAsync(new OrderId(id), cancellationToken) is { } order
            ? Shown.One(http, OrderResponse.From(order), order.RowVersion)
            : throw ErrorException.NotFound("order", id);

    private static async Task<Validators?> VersionAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<OrderQueries>().VersionAsync(new OrderId(http.RouteId()), http.RequestAborted) is { } version
            ? Shown.Validators<OrderResponse>(http, version)
            : null;

    private static async Task<Created<OrderResponse>> PlaceAsync(
        OrderRequest request, HttpContext http, PlaceOrder placeOrder, CancellationToken cancellationToken)
    {
        var order = await placeOrder.HandleAsync(request.ToCommand(), cancellationToken);
        return Shown.Created(http, $"/api/v1/orders/{order.Id}", OrderResponse.From(order), order.RowVersion);
    }

    private static async Task<Ok<OrderResponse>> UpdateAsync(
        Guid id, OrderChangeRequest request, HttpContext http, UpdateOrder updateOrder, CancellationToken cancellationToken) =>
        Written(http, await updateOrder.HandleAsync(new OrderId(id), request.Reference, http.Condition<OrderResponse>(), cancellationToken));

    private static async Task<Ok<OrderResponse>> PatchAsync(
        Guid id, JsonElement patch, HttpContext http, UpdateOrder updateOrder, CancellationToken cancellationToken) =>
        Written(http, await updateOrder.HandleAsync(
            new OrderId(id),
            order => MergePatch.Apply(new OrderChangeRequest(order.Reference), patch).Reference,
            http.Condition<OrderResponse>(),
            cancellationToken));

    private static async Task<Ok<OrderResponse>> CancelAsync(
        Guid id, HttpContext http, CancelOrder cancelOrder, CancellationToken cancellationToken) =>
        Written(http, await cancelOrder.HandleAsync(new OrderId(id), http.Condition<OrderResponse>(), cancellationToken));

    private static async Task<Ok<OrderResponse>> ShipAsync(
        Guid id, HttpContext http, ShipOrder shipOrder, CancellationToken cancellationToken) =>
        Written(http, await shipOrder.HandleAsync(new OrderId(id), http.Condition<OrderResponse>(), cancellationToken));

    private static Ok<OrderResponse> Written(HttpContext http, Order order) =>
        Shown.Written(http, $"/api/v1/orders/{order.Id}", OrderResponse.From(order), order.RowVersion);
}
