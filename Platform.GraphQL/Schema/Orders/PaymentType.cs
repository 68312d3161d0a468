using GraphQL;
using GraphQL.Types;
using Platform.Domain.Payments;
using Platform.GraphQL.Execution;
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
        Field<NonNullGraphType<IdType>>("id").From(payment => payment.Id.Value);
        Field<NonNullGraphType<MoneyType>>("amount").From(payment => payment.Amount);
        Field<NonNullGraphType<PaymentStatusType>>("status").From(payment => payment.Status);
        Field<NonNullGraphType<DateTimeType>>("capturedAt").From(payment => payment.CapturedAt);
        Field<DateTimeType>("refundedAt").From(payment => payment.RefundedAt);
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
