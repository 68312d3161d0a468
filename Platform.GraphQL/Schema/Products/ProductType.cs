using GraphQL;
using GraphQL.Types;
using Platform.Domain.Products;
using Platform.GraphQL.Schema.Relay;
using Platform.GraphQL.Schema.Scalars;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Products;

internal sealed class ProductType : ObjectGraphType<Product>, INodeType
{
    public ProductType()
    {
        Name = NodeName;
        Description = "Something that can be ordered.";
        this.AuthorizeWithPolicy(Policy);
        Interface<NodeInterfaceType>();
        Field<NonNullGraphType<IdType>>("id").Resolve(context => context.Source.Id.Value);
        Field<NonNullGraphType<StringGraphType>>("sku").Description("The seller's own number for it.").Resolve(context => context.Source.Sku);
        Field<NonNullGraphType<StringGraphType>>("name").Resolve(context => context.Source.Name);
        Field<NonNullGraphType<MoneyType>>("price").Description("The price of one piece now.").Resolve(context => context.Source.Price);
        Field<NonNullGraphType<BooleanGraphType>>("active").Description("Whether it can be ordered at present.")
            .Resolve(context => context.Source.Active);
        Field<NonNullGraphType<DateTimeType>>("createdAt").Resolve(context => context.Source.CreatedAt);
        Field<NonNullGraphType<DateTimeType>>("updatedAt").Resolve(context => context.Source.UpdatedAt);
        Field<NonNullGraphType<StringGraphType>>(NodeVersion.FieldName).Description(NodeVersion.Description)
            .Resolve(context => NodeVersion.Show(context.Source.RowVersion));
    }

    public static string NodeName => "Product";

    public static string Policy => ApiScopes.CatalogRead;
}
