using Microsoft.AspNetCore.Mvc;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Errors;

namespace Platform.Api.Orders;

// Texts, so that one that does not fit is told as a field error rather than as a request that could not be read.
internal sealed record OrderFilterQuery(
    [FromQuery(Name = "status")] string? Status,
    [FromQuery(Name = "customerId")] string? CustomerId)
{
    public static readonly string[] Names = ["status", "customerId"];

    public OrderFilter ToFilter(FieldErrors errors)
    {
        OrderStatus status = default;
        CustomerId customer = default;
        if (Status is not null && !OrderStatusText.TryParse(Status, out status))
        {
            errors.Add("/status", "invalid", "A status is placed, paid, shipped or cancelled.");
        }

        if (CustomerId is not null && !Domain.Customers.CustomerId.TryParse(CustomerId, null, out customer))
        {
            errors.Add("/customerId", "invalid", "This is not an id.");
        }

        return new OrderFilter(Status is null ? null : status, CustomerId is null ? null : customer);
    }
}
