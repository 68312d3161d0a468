using GraphQL.DataLoader;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Goes on from what a loader promises.</summary>
internal static class LoadedExtensions
{
    /// <summary>Promises what is made of the value, without asking for the value yet.</summary>
    public static IDataLoaderResult<TResult> Then<TValue, TResult>(this IDataLoaderResult<TValue> loaded, Func<TValue, TResult> make) =>
        new Made<TValue, TResult>(loaded, make);

    private sealed class Made<TValue, TResult>(IDataLoaderResult<TValue> loaded, Func<TValue, TResult> make) : IDataLoaderResult<TResult>
    {
        public async Task<TResult> GetResultAsync(CancellationToken cancellationToken = default) =>
            make(await loaded.GetResultAsync(cancellationToken));

        async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) => await GetResultAsync(cancellationToken);
    }
}
