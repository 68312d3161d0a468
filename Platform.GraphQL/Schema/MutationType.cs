using GraphQL;
using GraphQL.Types;
using Platform.Domain.Orders;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Orders;
using Platform.Identity;

namespace Platform.GraphQL.Schema;

internal sealed class MutationType : ObjectGraphType
{
    private const string Input = "input";

    public MutationType()
    {
        Name = "Mutation";
        Field<PlaceOrderPayloadType>("placeOrder")
            .Description("Takes an order.")
            .Cost(10)
            .AuthorizeWithPolicy(ApiScopes.OrdersWrite)
            .Argument<NonNullGraphType<PlaceOrderInputType>>(Input)
            .ResolveAsync(async context =>
            {
                var command = context.GetArgument<PlaceOrderCommand>(Input);
                return await context.RunAsync<PlaceOrder, Order>((place, token) => place.HandleAsync(command, token));
            });
        Field<CancelOrderPayloadType>("cancelOrder")
            .Description("Calls an order off; what was paid is refunded.")
            .Cost(10)
            .AuthorizeWithPolicy(ApiScopes.OrdersWrite)
            .Argument<NonNullGraphType<CancelOrderInputType>>(Input)
            .ResolveAsync(async context =>
            {
                var id = context.GetArgument<OrderId>(Input);
                return await context.RunAsync<CancelOrder, Order>((cancel, token) => cancel.HandleAsync(id, cancellationToken: token));
            });
    }
}
