using System.Collections;
using GraphQL;
using GraphQL.DataLoader;
using GraphQL.Resolvers;
using GraphQL.Types;

namespace Platform.GraphQL.Authorization;

/// <summary>
/// Holds what a field of an interface or union gives against the policies of the type that it turns out to be. What the caller may not read is null,
/// like what is not there: the caller did not ask for it by its type.
/// </summary>
internal sealed class AbstractGuard(IFieldResolver inner, IAbstractGraphType type) : IFieldResolver
{
    public async ValueTask<object?> ResolveAsync(IResolveFieldContext context)
    {
        var result = await inner.ResolveAsync(context);
        return result is IDataLoaderResult promised ? new Checked(this, promised, context) : await CheckAsync(result, context);
    }

    private async Task<object?> CheckAsync(object? result, IResolveFieldContext context)
    {
        if (result is not IEnumerable items)
        {
            return result is null || await MayReadAsync(result, context) ? result : null;
        }

        var readable = new List<object?>();
        foreach (var item in items)
        {
            readable.Add(item is null || await MayReadAsync(item, context) ? item : null);
        }

        return readable;
    }

    private async Task<bool> MayReadAsync(object value, IResolveFieldContext context)
    {
        var access = context.RequestServices!.GetRequiredService<CallerAccess>();
        return type.PossibleTypes.FirstOrDefault(possible => possible.IsTypeOf?.Invoke(value) == true) is { } actual
            && await access.FindMissingAsync(context.User, FieldGuards.PoliciesOf((IMetadataReader)actual)) is null;
    }

    private sealed class Checked(AbstractGuard guard, IDataLoaderResult promised, IResolveFieldContext context) : IDataLoaderResult
    {
        // The context is used again for another field once this one has returned its promise.
        private readonly IResolveFieldContext _context = context.Copy();

        public async Task<object?> GetResultAsync(CancellationToken cancellationToken = default) =>
            await guard.CheckAsync(await promised.GetResultAsync(cancellationToken), _context);
    }
}
