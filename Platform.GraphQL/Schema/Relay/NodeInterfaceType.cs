using GraphQL.Types;
using Platform.GraphQL.Schema.Scalars;

namespace Platform.GraphQL.Schema.Relay;

/// <summary>What has an id of its own and can be read again by it (GraphQL Global Object Identification, section 2).</summary>
internal sealed class NodeInterfaceType : InterfaceGraphType
{
    public NodeInterfaceType()
    {
        Name = "Node";
        Description = "Something that can be read again by its id alone, wherever it was seen first.";
        Field<NonNullGraphType<IdType>>("id").Description("Unique among all kinds.");
    }
}
