using System.ComponentModel.DataAnnotations;
using Platform.Api.Http;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Products;

namespace Platform.Api.Orders;

/// <summary>Asks for an order.</summary>
/// <param name="CustomerId">Who orders. Required.</param>
/// <param name="Lines">What: 1 to 100 lines, each product once. Required.</param>
/// <param name="Reference">The customer's own name for the order, at most 64 characters.</param>
internal sealed record OrderRequest(
    Guid? CustomerId,
    [property: MinLength(1), MaxLength(Order.MaxLines)] IReadOnlyList<OrderLineRequest?>? Lines,
    [property: MaxLength(Order.ReferenceMaxLength)] string? Reference = null)
{
    public PlaceOrderCommand ToCommand() => new(
        CustomerId is { } customer ? new CustomerId(customer) : null,
        Lines is null ? null : [.. Lines.Select(line => line?.ToLine())],
        Reference);
}

/// <summary>One product of an order that is asked for.</summary>
/// <param name="ProductId">Required.</param>
/// <param name="Quantity">Pieces, 1 to 1000. Required.</param>
internal sealed record OrderLineRequest(Guid? ProductId, [property: Range(1, Order.MaxQuantity)] int? Quantity)
{
    public PlaceOrderLine ToLine() => new(ProductId is { } product ? new ProductId(product) : null, Quantity);
}

/// <summary>What can be changed of an order.</summary>
/// <param name="Reference">The customer's own name for it, at most 64 characters; null removes it.</param>
internal sealed record OrderChangeRequest([property: MaxLength(Order.ReferenceMaxLength)] string? Reference = null);

/// <summary>An order.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CustomerId">Who ordered.</param>
/// <param name="Status">Where it stands: <c>placed</c>, <c>paid</c>, <c>shipped</c> or <c>cancelled</c>.</param>
/// <param name="Reference">The customer's own name for it.</param>
/// <param name="Lines">What was ordered, by line number.</param>
/// <param name="Total">The sum of the lines.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
internal sealed record OrderResponse(
    Guid Id,
    Guid CustomerId,
    string Status,
    string? Reference,
    IReadOnlyList<OrderLineResponse> Lines,
    MoneyResponse Total,
    DateTimeOffset PlacedAt,
    DateTimeOffset UpdatedAt)
{
    public static OrderResponse From(Order order) => new(
        order.Id.Value,
        order.CustomerId.Value,
        OrderStatusText.ToText(order.Status),
        order.Reference,
        [.. order.Lines.OrderBy(line => line.LineNumber).Select(OrderLineResponse.From)],
        MoneyResponse.From(order.Total),
        order.PlacedAt.AsStored(),
        order.UpdatedAt.AsStored());
}

/// <summary>One product of an order, with the name and the price that it had when the order was placed.</summary>
/// <param name="LineNumber">Counts from 1.</param>
/// <param name="ProductId">What was ordered.</param>
/// <param name="ProductName">Its name at that time.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="UnitPrice">The price of one piece at that time.</param>
/// <param name="Total">The price of all pieces.</param>
internal sealed record OrderLineResponse(
    int LineNumber, Guid ProductId, string ProductName, int Quantity, MoneyResponse UnitPrice, MoneyResponse Total)
{
    public static OrderLineResponse From(OrderLine line) => new(
        line.LineNumber,
        line.ProductId.Value,
        line.ProductName,
        line.Quantity,
        MoneyResponse.From(line.UnitPrice),
        MoneyResponse.From(line.Total));
}

/// <summary>What all orders come to.</summary>
/// <param name="Items">One for each status and currency that there is.</param>
internal sealed record OrderSummaryResponse(IReadOnlyList<OrderSummaryItem> Items)
{
    public static OrderSummaryResponse From(IReadOnlyList<OrderSummary> summary) => new(
        [.. summary.Select(item => new OrderSummaryItem(OrderStatusText.ToText(item.Status), item.Count, MoneyResponse.From(item.Total)))]);
}

/// <summary>What the orders of one status and currency come to.</summary>
/// <param name="Status">Where they stand.</param>
/// <param name="Count">How many.</param>
/// <param name="Total">What they cost together.</param>
internal sealed record OrderSummaryItem(string Status, int Count, MoneyResponse Total);
