using GraphQL.DataLoader;
using Platform.Domain.Persistence;

namespace Platform.GraphQL.DataLoaders;

/// <summary>
/// Reads by key, all keys of one level of the response at once. The executor resolves a level's fields first and asks for their results
/// afterwards; the first to ask closes the batch and reads it.
/// </summary>
/// <remarks>
/// One for each operation (scoped), which keeps what was read. Batches of several loaders run at the same time, so each reads through a
/// context of its own. Thread safe.
/// </remarks>
/// <typeparam name="TKey">What is looked up.</typeparam>
/// <typeparam name="TValue">What is found.</typeparam>
internal abstract class BatchLoader<TKey, TValue>(IServiceScopeFactory scopes)
    where TKey : notnull
{
    /// <summary>The most keys of one statement; a larger batch takes several.</summary>
    private const int MaxKeys = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Batch> _batches = [];
    private Batch? _open;

    /// <summary>Promises the value of a key.</summary>
    public IDataLoaderResult<TValue?> Load(TKey key)
    {
        lock (_gate)
        {
            if (!_batches.TryGetValue(key, out var batch))
            {
                batch = _open ??= new Batch(this);
                batch.Keys.Add(key);
                _batches.Add(key, batch);
            }

            return new Promise(batch, key);
        }
    }

    /// <summary>Forgets what was read, after a mutation may have changed it.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _batches.Clear();
            _open = null;
        }
    }

    /// <summary>Reads the values of keys; those that are not found are absent.</summary>
    protected abstract Task ReadAsync(PlatformDbContext database, List<TKey> keys, Dictionary<TKey, TValue> values, CancellationToken cancellationToken);

    /// <summary>The value of a key that is not found.</summary>
    protected virtual TValue? Missing => default;

    private async Task<Dictionary<TKey, TValue>> ReadAsync(List<TKey> keys, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var values = new Dictionary<TKey, TValue>(keys.Count);
        for (var from = 0; from < keys.Count; from += MaxKeys)
        {
            var chunk = keys.Count <= MaxKeys ? keys : keys.GetRange(from, Math.Min(MaxKeys, keys.Count - from));
            await ReadAsync(database, chunk, values, cancellationToken);
        }

        return values;
    }

    private void Close(Batch batch)
    {
        lock (_gate)
        {
            if (_open == batch)
            {
                _open = null;
            }
        }
    }

    private sealed class Batch(BatchLoader<TKey, TValue> loader)
    {
        private readonly Lock _reading = new();
        private Task<Dictionary<TKey, TValue>>? _values;

        // Complete once the batch is closed.
        public List<TKey> Keys { get; } = [];

        /// <summary>What was read.</summary>
        public Dictionary<TKey, TValue> Values => _values!.GetAwaiter().GetResult();

        public TValue? Find(TKey key, Dictionary<TKey, TValue> values) => values.TryGetValue(key, out var value) ? value : loader.Missing;

        public Task<Dictionary<TKey, TValue>> GetValuesAsync(CancellationToken cancellationToken)
        {
            loader.Close(this);
            lock (_reading)
            {
                return _values ??= loader.ReadAsync(Keys, cancellationToken);
            }
        }
    }

    private sealed class Promise(Batch batch, TKey key) : IDataLoaderResult<TValue?>, IBatchPromise
    {
        public object? Result => batch.Find(key, batch.Values);

        public Task ReadAsync(CancellationToken cancellationToken) => batch.GetValuesAsync(cancellationToken);

        public async Task<TValue?> GetResultAsync(CancellationToken cancellationToken = default) =>
            batch.Find(key, await batch.GetValuesAsync(cancellationToken));

        async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) =>
            batch.Find(key, await batch.GetValuesAsync(cancellationToken));
    }
}
