using GraphQL;
using GraphQL.Types;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Paging;
using Platform.Domain.Products;
using Platform.GraphQL.Schema.Orders;
using Platform.GraphQL.Schema.Scalars;

namespace Platform.GraphQL.Schema;

/// <summary>What a list is sorted by.</summary>
internal enum ListSort
{
    CreatedDescending,
    CreatedAscending,
    NameAscending,
    NameDescending,
}

internal sealed class CatalogSortType : EnumerationGraphType
{
    public CatalogSortType()
    {
        Name = "CatalogSort";
        Description = "What customers and products are sorted by.";
        Add("CREATED_AT_DESC", ListSort.CreatedDescending, "The newest first.");
        Add("CREATED_AT_ASC", ListSort.CreatedAscending, "The oldest first.");
        Add("NAME_ASC", ListSort.NameAscending, "By name, from A on.");
        Add("NAME_DESC", ListSort.NameDescending, "By name, from the end on.");
    }
}

internal sealed class OrderSortType : EnumerationGraphType
{
    public OrderSortType()
    {
        Name = "OrderSort";
        Description = "What orders are sorted by.";
        Add("PLACED_AT_DESC", ListSort.CreatedDescending, "The newest first.");
        Add("PLACED_AT_ASC", ListSort.CreatedAscending, "The oldest first.");
    }
}

internal sealed class CustomerFilterType : InputObjectGraphType<CustomerFilter>
{
    public CustomerFilterType()
    {
        Name = "CustomerFilter";
        Description = "Narrows a list of customers.";
        Field<StringGraphType>("email").Description("Only the one with this address, without regard to case.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) =>
        new CustomerFilter(value.TryGetValue("email", out var email) ? (string?)email : null);
}

internal sealed class ProductFilterType : InputObjectGraphType<ProductFilter>
{
    public ProductFilterType()
    {
        Name = "ProductFilter";
        Description = "Narrows a list of products; all of it has to hold.";
        Field<BooleanGraphType>("active").Description("Only those that can be ordered, or only those that cannot.");
        Field<StringGraphType>("sku").Description("Only the one with this number.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new ProductFilter(
        value.TryGetValue("active", out var active) ? (bool?)active : null, value.TryGetValue("sku", out var sku) ? (string?)sku : null);
}

internal sealed class OrderFilterType : InputObjectGraphType<OrderFilter>
{
    public OrderFilterType()
    {
        Name = "OrderFilter";
        Description = "Narrows a list of orders; all of it has to hold.";
        Field<OrderStatusType>("status").Description("Only those that stand there.");
        Field<IdType>("customerId").Description("Only those of this customer.");
        Field<DateTimeType>("placedFrom").Description("Only those that were placed then or later.");
        Field<DateTimeType>("placedBefore").Description("Only those that were placed before.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new OrderFilter(
        Value<OrderStatus?>(value, "status"),
        Value<Guid?>(value, "customerId") is { } id ? new CustomerId(id) : null,
        Value<DateTimeOffset?>(value, "placedFrom")?.ToUniversalTime(),
        Value<DateTimeOffset?>(value, "placedBefore")?.ToUniversalTime());

    private static T? Value<T>(IDictionary<string, object?> fields, string name) => fields.TryGetValue(name, out var value) ? (T?)value : default;
}

internal static class ListArguments
{
    public const string Filter = "filter";
    public const string Sort = "sort";

    /// <summary>What a list is to be sorted by.</summary>
    public static (PageOrder Order, bool Ascending) GetSort(this IResolveFieldContext context) => context.GetArgument<ListSort?>(Sort) switch
    {
        ListSort.CreatedAscending => (PageOrder.Created, true),
        ListSort.NameAscending => (PageOrder.Name, true),
        ListSort.NameDescending => (PageOrder.Name, false),
        _ => (PageOrder.Created, false),
    };
}
