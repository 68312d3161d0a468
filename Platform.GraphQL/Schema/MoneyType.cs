using GraphQL;
using GraphQL.Types;
using Platform.Domain;
using Platform.GraphQL.Execution;
using Platform.GraphQL.Schema.Scalars;

namespace Platform.GraphQL.Schema;

internal sealed class MoneyType : ObjectGraphType<Money>
{
    public MoneyType()
    {
        Name = "Money";
        Description = "An amount with its currency.";
        this.AllowAnonymous();
        Field<NonNullGraphType<DecimalType>>("amount").Description("How much.").From(money => money.Amount);
        Field<NonNullGraphType<StringGraphType>>("currency").Description("Three letters (ISO 4217).").From(money => money.Currency);
    }
}
