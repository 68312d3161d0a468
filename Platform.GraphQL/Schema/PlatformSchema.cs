using GraphQL;
using Platform.GraphQL.Authorization;

namespace Platform.GraphQL.Schema;

/// <summary>The schema, in code; <c>schema.graphql</c> beside the project is printed from it and held by a test.</summary>
internal sealed class PlatformSchema : global::GraphQL.Types.Schema
{
    public PlatformSchema(IServiceProvider services)
        : base(services)
    {
        Description = "Customers, products, orders and payments.";
        Query = services.GetRequiredService<QueryType>();
        Features.DeprecationOfInputValues = true;
        Mutation = services.GetRequiredService<MutationType>();
        Subscription = services.GetRequiredService<SubscriptionType>();
        this.RegisterVisitor<PersonalFields>();
        this.RegisterVisitor<FieldGuards>();
    }
}
