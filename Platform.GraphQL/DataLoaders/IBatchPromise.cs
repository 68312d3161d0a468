using GraphQL.DataLoader;

namespace Platform.GraphQL.DataLoaders;

/// <summary>A promise of which many wait for one batch, so that one wait is enough for all of them.</summary>
internal interface IBatchPromise : IDataLoaderResult
{
    /// <summary>Reads the batch, unless it is being read already; the same task for every promise of it.</summary>
    Task ReadAsync(CancellationToken cancellationToken);

    /// <summary>What was promised, once the batch is read.</summary>
    /// <exception cref="Exception">The batch could not be read.</exception>
    object? Result { get; }
}
