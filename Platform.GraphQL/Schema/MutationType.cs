using GraphQL.Types;
using Platform.GraphQL.Schema.Mutations;

namespace Platform.GraphQL.Schema;

internal sealed class MutationType : ObjectGraphType
{
    public MutationType()
    {
        Name = "Mutation";
        this.AddCustomers();
        this.AddProducts();
        this.AddOrders();
    }
}
