using GraphQL;
using GraphQL.Types;
using Platform.Domain.Payments;
using Platform.GraphQL.Schema.Relay;
using Platform.GraphQL.Schema.Scalars;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Orders;

internal sealed class PaymentType : ObjectGraphType<Payment>
{
    public PaymentType()
    {
        Name = "Payment";
        Description = "Money that was taken for an order.";
        this.AuthorizeWithPolicy(ApiScopes.OrdersRead);
        Interface<NodeInterfaceType>();
        Field<NonNullGraphType<IdType>>("id").Resolve(context => context.Source.Id.Value);
        Field<NonNullGraphType<MoneyType>>("amount").Resolve(context => context.Source.Amount);
        Field<NonNullGraphType<PaymentStatusType>>("status").Resolve(context => context.Source.Status);
        Field<NonNullGraphType<DateTimeType>>("capturedAt").Resolve(context => context.Source.CapturedAt);
        Field<DateTimeType>("refundedAt").Resolve(context => context.Source.RefundedAt);
    }
}

internal sealed class PaymentStatusType : EnumerationGraphType
{
    public PaymentStatusType()
    {
        Name = "PaymentStatus";
        Description = "What became of a payment.";
        Add("CAPTURED", PaymentStatus.Captured, "The money was taken.");
        Add("REFUNDED", PaymentStatus.Refunded, "The money was given back.");
    }
}
