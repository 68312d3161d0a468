using GraphQL;
using GraphQL.Builders;
using GraphQL.DataLoader;
using GraphQL.Resolvers;

namespace Platform.GraphQL.Execution;

/// <summary>A resolver that needs its source and services of the operation alone, so that nothing else has to be put together for it.</summary>
internal interface IDirectResolver : IFieldResolver
{
    /// <summary>Gives the value of the field, or the promise of it.</summary>
    /// <returns>False where it has to be asked as any resolver is, for it has to wait for something.</returns>
    bool TryResolve(OperationServices services, object? source, out object? result);
}

/// <summary>The services of one operation, each looked up once: a page asks for the same ones for each of its items. Not thread safe.</summary>
internal sealed class OperationServices(IServiceProvider? services)
{
    private object?[] _known = [];

    /// <summary>The operation's own service of a type.</summary>
    public TService Get<TService>()
        where TService : class
    {
        var at = Place<TService>.Number;
        if (at < _known.Length && _known[at] is TService known)
        {
            return known;
        }

        var found = services!.GetRequiredService<TService>();
        Array.Resize(ref _known, Math.Max(_known.Length, at + 1));
        _known[at] = found;
        return found;
    }

    private static class Places
    {
        public static int Last = -1;
    }

    private static class Place<TService>
    {
        public static readonly int Number = Interlocked.Increment(ref Places.Last);
    }
}

/// <summary>Resolves a field by a function of its source.</summary>
internal sealed class SourceResolver<TSource, TValue>(Func<TSource, TValue> get) : IDirectResolver
{
    public bool TryResolve(OperationServices services, object? source, out object? result)
    {
        result = get((TSource)source!);
        return true;
    }

    public ValueTask<object?> ResolveAsync(IResolveFieldContext context) => new(get((TSource)context.Source!));
}

/// <summary>Resolves a field by what a loader promises.</summary>
internal sealed class LoaderResolver<TSource, TLoader>(Func<TLoader, TSource, IDataLoaderResult> load) : IDirectResolver
    where TLoader : class
{
    public bool TryResolve(OperationServices services, object? source, out object? result)
    {
        result = load(services.Get<TLoader>(), (TSource)source!);
        return true;
    }

    public ValueTask<object?> ResolveAsync(IResolveFieldContext context) => new(load(context.RequestServices!.GetRequiredService<TLoader>(), (TSource)context.Source!));
}

internal static class DirectResolverExtensions
{
    /// <summary>Says what the field gives of its source, where it needs nothing else.</summary>
    public static FieldBuilder<TSource, TReturn> From<TSource, TReturn, TValue>(this FieldBuilder<TSource, TReturn> field, Func<TSource, TValue> get)
    {
        field.FieldType.Resolver = new SourceResolver<TSource, TValue>(get);
        return field;
    }

    /// <summary>Says which loader the field asks, and for what of its source.</summary>
    public static FieldBuilder<TSource, TReturn> Load<TSource, TReturn, TLoader>(this FieldBuilder<TSource, TReturn> field, Func<TLoader, TSource, IDataLoaderResult> load)
        where TLoader : class
    {
        field.FieldType.Resolver = new LoaderResolver<TSource, TLoader>(load);
        return field;
    }
}
