using GraphQL;
using GraphQL.Resolvers;

namespace Platform.GraphQL.Transport;

/// <summary>
/// Resolves <c>__type(name:)</c> (GraphQL specification, section 4.1): null for a name that no type can have, which the executor's own
/// resolver takes for a mistake in the program.
/// </summary>
internal sealed class NamedTypeResolver(IFieldResolver inner) : IFieldResolver
{
    public ValueTask<object?> ResolveAsync(IResolveFieldContext context) =>
        string.IsNullOrWhiteSpace(context.GetArgument<string?>("name")) ? default : inner.ResolveAsync(context);
}
