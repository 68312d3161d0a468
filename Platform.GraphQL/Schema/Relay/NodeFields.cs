using GraphQL;
using GraphQL.DataLoader;
using GraphQL.Types;
using Platform.Errors;
using Platform.GraphQL.DataLoaders;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Scalars;

namespace Platform.GraphQL.Schema.Relay;

/// <summary>The fields that read any node again (GraphQL Global Object Identification, sections 2 and 4).</summary>
internal static class NodeFields
{
    /// <summary>The most ids of <c>nodes</c>.</summary>
    public const int MaxIds = 100;

    /// <summary>Adds <c>node</c> and <c>nodes</c>. Whatever they find is held against the policies of its own type (<c>FieldGuards</c>).</summary>
    public static void AddNodes(this ObjectGraphType query)
    {
        query.Field<NodeInterfaceType>("node")
            .Description("What has this id, or null when there is nothing or the caller may not read it.")
            .AllowAnonymous()
            .Argument<NonNullGraphType<IdType>>("id")
            .Resolve(context => context.Loader<NodeLoader>().Load(context.GetArgument<Guid>("id")));
        query.Field<ListGraphType<NodeInterfaceType>>("nodes")
            .AssumedSize(MaxIds)
            .Description("What has these ids, in their order; null where there is nothing or the caller may not read it.")
            .AllowAnonymous()
            .Argument<NonNullGraphType<ListGraphType<NonNullGraphType<IdType>>>>("ids", argument => argument.Description = $"1 to {MaxIds} ids.")
            .Resolve(context =>
            {
                var ids = context.GetArgument<List<Guid>>("ids");
                return ids.Count is 0 or > MaxIds
                    ? throw ErrorException.Validation(new FieldError("/ids", "out_of_range", $"Ask for 1 to {MaxIds} ids."))
                    : new Several([.. ids.Select(context.Loader<NodeLoader>().Load)]);
            });
    }

    /// <summary>Promises several values at once: the first to be asked for reads the batch of them all.</summary>
    private sealed class Several(IReadOnlyList<IDataLoaderResult<object?>> promised) : IDataLoaderResult<object?[]>
    {
        public Task<object?[]> GetResultAsync(CancellationToken cancellationToken = default) =>
            Task.WhenAll(promised.Select(one => one.GetResultAsync(cancellationToken)));

        async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) => await GetResultAsync(cancellationToken);
    }
}
