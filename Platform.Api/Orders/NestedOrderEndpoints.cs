using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Conditional;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Paging;
using Platform.Domain.Payments;
using Platform.Errors;
using Platform.Identity;
using Platform.ServiceDefaults.Compression;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Orders;

/// <summary>What belongs to something else: the orders of a customer, the payment of an order.</summary>
internal static class NestedOrderEndpoints
{
    private static readonly (string, PageOrder)[] Sorts = [("placedAt", PageOrder.Created)];

    public static void MapNestedOrders(this IEndpointRouteBuilder api)
    {
        api.MapGet("/customers/{id:guid}/orders", ListAsync).WithName("ListOrdersOfCustomer").WithSummary("List a customer's orders, the newest first")
            .WithTags("Customers")
            .RequireAuthorization(ApiScopes.OrdersRead)
            .WithListVersion("order", ListVersionAsync)
            .Compresses()
            .Refuses(ErrorCode.ValidationError, ErrorCode.ResourceNotFound);
        api.MapGet("/orders/{id:guid}/payment", GetPaymentAsync).WithName("GetPaymentOfOrder").WithSummary("Get what was paid for an order")
            .WithTags("Orders")
            .RequireAuthorization(ApiScopes.OrdersRead)
            .WithVersion("payment", PaymentVersionAsync)
            .Refuses(ErrorCode.ResourceNotFound);
    }

    private static async Task<Ok<PageResponse<OrderResponse>>> ListAsync(
        Guid id,
        [AsParameters] PageQuery page,
        HttpContext http,
        OrderQueries orders,
        CustomerQueries customers,
        CancellationToken cancellationToken)
    {
        var list = page.Read(http, Sorts, [], new FieldErrors());
        if (await customers.VersionAsync(new CustomerId(id), cancellationToken) is null)
        {
            throw ErrorException.NotFound("customer", id);
        }

        var items = await orders.ListAsync(new OrderFilter(CustomerId: new CustomerId(id)), list.Request, cancellationToken);
        return Shown.Page(http, list, items, OrderResponse.From, order => (order.Id.Value, order.RowVersion));
    }

    // A customer who is gone has no orders, and one who has none has an empty list that is never remembered as somebody else's.
    private static async Task<Validators?> ListVersionAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var list = new PageQuery(query["limit"], query["sort"], query["cursor"]).Read(http, Sorts, [], new FieldErrors());
        var filter = new OrderFilter(CustomerId: new CustomerId(http.RouteId()));
        var page = await http.RequestServices.GetRequiredService<OrderQueries>().ListVersionsAsync(filter, list.Request, http.RequestAborted);
        return page.Items.Count == 0 ? null : Shown.Validators<OrderResponse>(http, list, page);
    }

    private static async Task<Ok<PaymentResponse>> GetPaymentAsync(
        Guid id, HttpContext http, PaymentQueries payments, CancellationToken cancellationToken) =>
        await payments.FindByOrderAsync(new OrderId(id), cancellationToken) is { } payment
            ? Shown.One(http, PaymentResponse.From(payment), payment.RowVersion)
            : throw new ErrorException(ErrorCode.ResourceNotFound, "Nothing was paid for an order with this id.");

    private static async Task<Validators?> PaymentVersionAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<PaymentQueries>().VersionByOrderAsync(new OrderId(http.RouteId()), http.RequestAborted) is { } version
            ? Shown.Validators<PaymentResponse>(http, version)
            : null;
}
