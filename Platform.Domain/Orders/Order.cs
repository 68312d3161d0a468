using Platform.Conditional;
using Platform.Domain.Customers;
using Platform.Errors;

namespace Platform.Domain.Orders;

/// <summary>Products that a customer asked for at once. Placed, then paid, then shipped; cancelled before it is shipped.</summary>
public sealed class Order
{
    /// <summary>Longest reference, in UTF-16 units.</summary>
    public const int ReferenceMaxLength = 64;

    /// <summary>The most lines an order may have.</summary>
    public const int MaxLines = 100;

    /// <summary>The most pieces a line may have.</summary>
    public const int MaxQuantity = 1_000;

    private readonly OrderLines _lines = [];

    internal Order(OrderId id, CustomerId customerId, string? reference, IEnumerable<OrderLine> lines, DateTimeOffset placedAt)
        : this(id, customerId, reference, placedAt)
    {
        foreach (var line in lines)
        {
            _lines.Add(line);
        }

        Total = _lines.Select(line => line.Total).Aggregate((sum, line) => sum + line);
        UpdatedAt = placedAt;
    }

    private Order(OrderId id, CustomerId customerId, string? reference, DateTimeOffset placedAt)
    {
        Id = id;
        CustomerId = customerId;
        Reference = reference;
        PlacedAt = placedAt;
    }

    /// <summary>Its id.</summary>
    public OrderId Id { get; private set; }

    /// <summary>Who ordered.</summary>
    public CustomerId CustomerId { get; private set; }

    /// <summary>Where it stands.</summary>
    public OrderStatus Status { get; private set; }

    /// <summary>The customer's own name for the order, such as a purchase order number.</summary>
    public string? Reference { get; private set; }

    /// <summary>At least one, by line number.</summary>
    public IReadOnlyList<OrderLine> Lines => _lines;

    /// <summary>The sum of the lines.</summary>
    public Money Total { get; private set; }

    /// <summary>When it was placed.</summary>
    public DateTimeOffset PlacedAt { get; private set; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Changes with each update of the row (PostgreSQL's <c>xmin</c>).</summary>
    public uint Version { get; private set; }

    /// <summary>Which version of the row this is.</summary>
    public RowVersion RowVersion => new(Version, UpdatedAt);

    internal void ChangeReference(string? reference, DateTimeOffset at)
    {
        if (Status is OrderStatus.Cancelled)
        {
            throw ErrorException.NotAllowed("order", Id, "A cancelled order cannot be changed.");
        }

        Reference = reference;
        UpdatedAt = at;
    }

    // A payment that arrives for an order that is past it, or was cancelled meanwhile, changes nothing: the refund follows the cancellation.
    internal bool MarkPaid(DateTimeOffset at) => Status is OrderStatus.Placed && Become(OrderStatus.Paid, at);

    internal void Ship(DateTimeOffset at)
    {
        if (Status is not OrderStatus.Paid)
        {
            throw ErrorException.NotAllowed("order", Id, "Only a paid order can be shipped.");
        }

        Become(OrderStatus.Shipped, at);
    }

    internal void Cancel(DateTimeOffset at)
    {
        if (Status is OrderStatus.Shipped or OrderStatus.Cancelled)
        {
            throw ErrorException.NotAllowed("order", Id, "The order was shipped or cancelled already.");
        }

        Become(OrderStatus.Cancelled, at);
    }

    private bool Become(OrderStatus status, DateTimeOffset at)
    {
        Status = status;
        UpdatedAt = at;
        return true;
    }
}
