using GraphQL;
using GraphQL.Types;
using Platform.Domain;
using Platform.GraphQL.Schema.Scalars;

namespace Platform.GraphQL.Schema;

internal sealed class MoneyType : ObjectGraphType<Money>
{
    public MoneyType()
    {
        Name = "Money";
        Description = "An amount with its currency.";
        this.AllowAnonymous();
        Field<NonNullGraphType<DecimalType>>("amount").Description("How much.").Resolve(context => context.Source.Amount);
        Field<NonNullGraphType<StringGraphType>>("currency").Description("Three letters (ISO 4217).").Resolve(context => context.Source.Currency);
    }
}
