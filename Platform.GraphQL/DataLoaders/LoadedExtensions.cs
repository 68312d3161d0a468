using GraphQL.DataLoader;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Goes on from what a loader promises.</summary>
internal static class LoadedExtensions
{
    /// <summary>Promises what is made of the value, without asking for the value yet.</summary>
    public static IDataLoaderResult<TResult> Then<TValue, TResult>(this IDataLoaderResult<TValue> loaded, Func<TValue, TResult> make) =>
        loaded is IBatchPromise promise ? new MadeOfBatch<TValue, TResult>(promise, make) : new Made<TValue, TResult>(loaded, make);

    private sealed class Made<TValue, TResult>(IDataLoaderResult<TValue> loaded, Func<TValue, TResult> make) : IDataLoaderResult<TResult>
    {
        public async Task<TResult> GetResultAsync(CancellationToken cancellationToken = default) =>
            make(await loaded.GetResultAsync(cancellationToken));

        async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) => await GetResultAsync(cancellationToken);
    }

    private sealed class MadeOfBatch<TValue, TResult>(IBatchPromise loaded, Func<TValue, TResult> make) : IDataLoaderResult<TResult>, IBatchPromise
    {
        public object? Result => make((TValue)loaded.Result!);

        public Task ReadAsync(CancellationToken cancellationToken) => loaded.ReadAsync(cancellationToken);

        public async Task<TResult> GetResultAsync(CancellationToken cancellationToken = default)
        {
            await ReadAsync(cancellationToken);
            return make((TValue)loaded.Result!);
        }

        async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) => await GetResultAsync(cancellationToken);
    }
}
