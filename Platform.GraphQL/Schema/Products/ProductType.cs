using GraphQL;
using GraphQL.Types;
using Platform.Domain.Products;
using Platform.GraphQL.Execution;
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
        Field<NonNullGraphType<IdType>>("id").From(product => product.Id.Value);
        Field<NonNullGraphType<StringGraphType>>("sku").Description("The seller's own number for it.").From(product => product.Sku);
        Field<NonNullGraphType<StringGraphType>>("name").From(product => product.Name);
        Field<NonNullGraphType<MoneyType>>("price").Description("The price of one piece now.").From(product => product.Price);
        Field<NonNullGraphType<BooleanGraphType>>("active").Description("Whether it can be ordered at present.")
            .From(product => product.Active);
        Field<NonNullGraphType<DateTimeType>>("createdAt").From(product => product.CreatedAt);
        Field<NonNullGraphType<DateTimeType>>("updatedAt").From(product => product.UpdatedAt);
        Field<NonNullGraphType<StringGraphType>>(NodeVersion.FieldName).Description(NodeVersion.Description)
            .From(product => NodeVersion.Show(product.RowVersion));
    }

    public static string NodeName => "Product";

    public static string Policy => ApiScopes.CatalogRead;
}
