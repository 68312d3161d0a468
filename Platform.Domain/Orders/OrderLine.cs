using Platform.Domain.Products;

namespace Platform.Domain.Orders;

/// <summary>One product of an order, with the name and the price that it had when the order was placed.</summary>
public sealed class OrderLine
{
    internal OrderLine(int lineNumber, ProductId productId, string productName, int quantity, Money unitPrice)
        : this(lineNumber, productId, productName, quantity) => UnitPrice = unitPrice;

    private OrderLine(int lineNumber, ProductId productId, string productName, int quantity)
    {
        LineNumber = lineNumber;
        ProductId = productId;
        ProductName = productName;
        Quantity = quantity;
    }

    /// <summary>Counts from 1 within the order.</summary>
    public int LineNumber { get; private set; }

    /// <summary>What was ordered.</summary>
    public ProductId ProductId { get; private set; }

    /// <summary>Its name at that time.</summary>
    public string ProductName { get; private set; }

    /// <summary>Pieces, at least 1.</summary>
    public int Quantity { get; private set; }

    /// <summary>The price of one piece at that time.</summary>
    public Money UnitPrice { get; private set; }

    /// <summary>The price of all pieces.</summary>
    public Money Total => UnitPrice * Quantity;
}
