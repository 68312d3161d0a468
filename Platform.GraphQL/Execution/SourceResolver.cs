using GraphQL;
using GraphQL.Builders;
using GraphQL.Resolvers;

namespace Platform.GraphQL.Execution;

/// <summary>A resolver that needs the source alone, so that nothing else has to be put together for it.</summary>
internal interface ISourceResolver : IFieldResolver
{
    /// <summary>The value of the field.</summary>
    object? Resolve(object? source);
}

/// <summary>Resolves a field by a function of its source.</summary>
internal sealed class SourceResolver<TSource, TValue>(Func<TSource, TValue> get) : ISourceResolver
{
    public object? Resolve(object? source) => get((TSource)source!);

    public ValueTask<object?> ResolveAsync(IResolveFieldContext context) => new(Resolve(context.Source));
}

internal static class SourceResolverExtensions
{
    /// <summary>Says what the field gives of its source, where it needs nothing else.</summary>
    public static FieldBuilder<TSource, TReturn> From<TSource, TReturn, TValue>(this FieldBuilder<TSource, TReturn> field, Func<TSource, TValue> get)
    {
        field.FieldType.Resolver = new SourceResolver<TSource, TValue>(get);
        return field;
    }
}
