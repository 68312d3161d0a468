using GraphQL;
using GraphQL.Types;
using Platform.Domain.Orders;
using Platform.GraphQL.Limits.Cost;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Orders;

/// <summary>What a mutation of an order gives.</summary>
internal abstract class OrderPayloadType : ObjectGraphType<Outcome<Order>>
{
    protected OrderPayloadType(string name)
    {
        Name = name;
        Description = "The order as it is now, or why nothing was changed.";
        this.AuthorizeWithPolicy(ApiScopes.OrdersWrite);
        Field<OrderType>("order").Description("Null when the business refused, and without the scope orders.read.")
            .Resolve(context => context.Source.Result);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<UserErrorType>>>>(MutationExtensions.UserErrors)
            .AssumedSize(1)
            .Description("Why the business refused. A client that does not select this gets the same as an error of the response.")
            .Resolve(context => context.Source.UserErrors);
    }
}

internal sealed class PlaceOrderPayloadType() : OrderPayloadType("PlaceOrderPayload");

internal sealed class CancelOrderPayloadType() : OrderPayloadType("CancelOrderPayload");
