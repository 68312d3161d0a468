using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Domain;
using Platform.Domain.Orders;
using Platform.Errors;
using Platform.Identity;
using Platform.ServiceDefaults.FeatureFlags.Gates;

namespace Platform.Api.Orders;

internal static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder api)
    {
        var orders = api.MapGroup("/orders").WithTags("Orders");

        orders.MapGet("/", ListAsync).WithName("ListOrders").WithSummary("List orders, the newest first")
            .RequireAuthorization(ApiScopes.OrdersRead)
            .Refuses(ErrorCode.ValidationError);
        orders.MapGet("/summary", SummarizeAsync).WithName("SummarizeOrders").WithSummary("Count the orders and add them up, by status")
            .WithDescription("Behind the flag `order_summary`: 404 for callers for whom it is off.")
            .RequireAuthorization(ApiScopes.OrdersRead)
            .RequireFlag(DomainFlags.OrderSummary)
            .Refuses(ErrorCode.ResourceNotFound);
        orders.MapGet("/{id:guid}", GetAsync).WithName("GetOrder").WithSummary("Get an order")
            .RequireAuthorization(ApiScopes.OrdersRead)
            .Refuses(ErrorCode.ResourceNotFound);
        orders.MapPost("/", PlaceAsync).WithName("PlaceOrder").WithSummary("Place an order")
            .WithDescription("It is charged in the background: read it again to see it become paid.")
            .RequireAuthorization(ApiScopes.OrdersWrite)
            .ReadsBody()
            .Refuses(ErrorCode.BusinessRuleViolation);
        orders.MapPut("/{id:guid}", UpdateAsync).WithName("UpdateOrder").WithSummary("Change the reference of an order")
            .RequireAuthorization(ApiScopes.OrdersWrite)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
        orders.MapPost("/{id:guid}/cancel", CancelAsync).WithName("CancelOrder").WithSummary("Call an order off")
            .WithDescription("Until it is shipped. What was paid is refunded.")
            .RequireAuthorization(ApiScopes.OrdersWrite)
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
        orders.MapPost("/{id:guid}/ship", ShipAsync).WithName("ShipOrder").WithSummary("Send a paid order on its way")
            .RequireAuthorization(ApiScopes.OrdersWrite)
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
    }

    private static async Task<Ok<PageResponse<OrderResponse>>> ListAsync(
        [AsParameters] OrderFilterQuery filter, [AsParameters] PageQuery page, OrderQueries orders, CancellationToken cancellationToken) =>
        TypedResults.Ok(PageResponse.From(await orders.ListAsync(filter.ToFilter(), page.ToRequest(), cancellationToken), OrderResponse.From));

    private static async Task<Ok<OrderSummaryResponse>> SummarizeAsync(OrderQueries orders, CancellationToken cancellationToken) =>
        TypedResults.Ok(OrderSummaryResponse.From(await orders.SummarizeAsync(cancellationToken)));

    private static async Task<Ok<OrderResponse>> GetAsync(Guid id, OrderQueries orders, CancellationToken cancellationToken) =>
        await orders.FindAsync(new OrderId(id), cancellationToken) is { } order
            ? TypedResults.Ok(OrderResponse.From(order))
            : throw ErrorException.NotFound("order", id);

    private static async Task<Created<OrderResponse>> PlaceAsync(
        OrderRequest request, PlaceOrder placeOrder, CancellationToken cancellationToken)
    {
        var order = await placeOrder.HandleAsync(request.ToCommand(), cancellationToken);
        return TypedResults.Created($"/api/v1/orders/{order.Id}", OrderResponse.From(order));
    }

    private static async Task<Ok<OrderResponse>> UpdateAsync(
        Guid id, OrderChangeRequest request, UpdateOrder updateOrder, CancellationToken cancellationToken) =>
        TypedResults.Ok(OrderResponse.From(await updateOrder.HandleAsync(new OrderId(id), request.Reference, cancellationToken)));

    private static async Task<Ok<OrderResponse>> CancelAsync(Guid id, CancelOrder cancelOrder, CancellationToken cancellationToken) =>
        TypedResults.Ok(OrderResponse.From(await cancelOrder.HandleAsync(new OrderId(id), cancellationToken)));

    private static async Task<Ok<OrderResponse>> ShipAsync(Guid id, ShipOrder shipOrder, CancellationToken cancellationToken) =>
        TypedResults.Ok(OrderResponse.From(await shipOrder.HandleAsync(new OrderId(id), cancellationToken)));
}
