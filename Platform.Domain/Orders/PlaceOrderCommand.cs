using Platform.Domain.Customers;
using Platform.Domain.Products;
using Platform.Errors;

namespace Platform.Domain.Orders;

/// <summary>Asks for an order.</summary>
/// <param name="CustomerId">Who orders. Required.</param>
/// <param name="Lines">What: 1 to 100 lines, each product once.</param>
/// <param name="Reference">The customer's own name for it, at most 64 characters; none by default.</param>
public sealed record PlaceOrderCommand(CustomerId? CustomerId, IReadOnlyList<PlaceOrderLine?>? Lines, string? Reference = null)
{
    internal (CustomerId CustomerId, IReadOnlyList<(ProductId ProductId, int Quantity)> Lines, string? Reference) Validated()
    {
        var errors = new FieldErrors();
        if (CustomerId is null)
        {
            errors.Add("/customerId", "required", "A customer is required.");
        }

        var lines = ValidatedLines(errors);
        var reference = errors.Text("/reference", Reference, Order.ReferenceMaxLength, required: false);
        errors.ThrowIfAny();
        return (CustomerId!.Value, lines, reference);
    }

    private List<(ProductId ProductId, int Quantity)> ValidatedLines(FieldErrors errors)
    {
        var lines = new List<(ProductId, int)>();
        if (Lines is not { Count: > 0 })
        {
            errors.Add("/lines", "required", "An order has at least one line.");
            return lines;
        }

        if (Lines.Count > Order.MaxLines)
        {
            errors.Add("/lines", "too_many", $"An order has at most {Order.MaxLines} lines.");
            return lines;
        }

        var products = new HashSet<ProductId>();
        for (var i = 0; i < Lines.Count; i++)
        {
            if (Lines[i]?.ProductId is not { } productId)
            {
                errors.Add($"/lines/{i}/productId", "required", "A product is required.");
                productId = default;
            }
            else if (!products.Add(productId))
            {
                errors.Add($"/lines/{i}/productId", "duplicate", "The product is on an earlier line.");
            }

            var quantity = Lines[i]?.Quantity;
            if (quantity is null)
            {
                errors.Add($"/lines/{i}/quantity", "required", "A quantity is required.");
            }
            else if (quantity is < 1 or > Order.MaxQuantity)
            {
                errors.Add($"/lines/{i}/quantity", "out_of_range", $"A quantity is between 1 and {Order.MaxQuantity}.");
            }

            lines.Add((productId, quantity ?? 0));
        }

        return lines;
    }
}

/// <summary>One product of an order that is asked for.</summary>
/// <param name="ProductId">Required.</param>
/// <param name="Quantity">Pieces, 1 to 1000. Required.</param>
public sealed record PlaceOrderLine(ProductId? ProductId, int? Quantity);
