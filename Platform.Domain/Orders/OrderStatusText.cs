namespace Platform.Domain.Orders;

/// <summary>The names of <see cref="OrderStatus"/> on the wire and in the database: <c>placed</c>, <c>paid</c>, <c>shipped</c>, <c>cancelled</c>.</summary>
public static class OrderStatusText
{
    /// <summary>The name of a status.</summary>
    public static string ToText(OrderStatus status) => status switch
    {
        OrderStatus.Placed => "placed",
        OrderStatus.Paid => "paid",
        OrderStatus.Shipped => "shipped",
        OrderStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">It is none of the four.</exception>
    public static OrderStatus Parse(string text) =>
        TryParse(text, out var status) ? status : throw new FormatException("This is no status of an order.");

    /// <summary>Reads a name; false when it is none of the four.</summary>
    public static bool TryParse(string? text, out OrderStatus status)
    {
        (var known, status) = text switch
        {
            "placed" => (true, OrderStatus.Placed),
            "paid" => (true, OrderStatus.Paid),
            "shipped" => (true, OrderStatus.Shipped),
            "cancelled" => (true, OrderStatus.Cancelled),
            _ => (false, default),
        };
        return known;
    }
}
