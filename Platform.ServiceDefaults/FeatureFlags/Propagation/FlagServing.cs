using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Makes what was read into what answers. Never puts an older version of the database in the place of a newer one. Thread safe.</summary>
internal sealed class FlagServing(
    LiveFlags live, ConfiguredFlags configured, IOptions<FeatureFlagOptions> options, TimeProvider time, ILogger<FlagServing> logger)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _fromDatabase = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoredFlags _stored = StoredFlags.Empty;
    private volatile FlagSource _source;

    /// <summary>What is stored, as far as is known here.</summary>
    public StoredFlags Stored => Volatile.Read(ref _stored);

    /// <summary>Where it came from.</summary>
    public FlagSource Source => _source;

    /// <summary>Done when the database was read for the first time.</summary>
    public Task FromDatabase => _fromDatabase.Task;

    /// <summary>When the file was written that answers come from.</summary>
    public DateTimeOffset? SavedAt { get; private set; }

    /// <summary>Takes the configuration into use, as the layer below what is stored; also when it was changed.</summary>
    public void TakeConfiguration()
    {
        lock (_gate)
        {
            var before = configured.Latest;
            var document = configured.Read();
            if (!before.Items().Concat(document.Items()).Any())
            {
                return;
            }

            if (_source == FlagSource.Nothing && document.Items().Any())
            {
                _source = FlagSource.Configuration;
            }

            Publish(_stored, document, live.Snapshot.Version);
        }
    }

    /// <summary>Takes what an earlier run left behind, at the start only.</summary>
    public void TakeFile(StoredFlags stored, DateTimeOffset savedAt)
    {
        lock (_gate)
        {
            if (_source != FlagSource.Database)
            {
                SavedAt = savedAt;
                _source = FlagSource.File;
                Publish(stored, configured.Latest, stored.Version);
                Log.ServingFile(logger, stored.Version, savedAt);
            }
        }
    }

    /// <summary>Takes what the database holds.</summary>
    /// <returns>False where a newer version answers already.</returns>
    public bool TakeStored(StoredFlags stored)
    {
        lock (_gate)
        {
            if (_source == FlagSource.Database && stored.Version < _stored.Version)
            {
                return false;
            }

            var isNews = _source != FlagSource.Database || !ReferenceEquals(stored, _stored);
            var isFirst = _source != FlagSource.Database;
            _source = FlagSource.Database;
            if (isNews)
            {
                // The first word of the database counts also where a file of before says it was further: then it is another database.
                Publish(stored, configured.Latest, stored.Version, replaces: isFirst);
                Log.Serving(logger, stored.Version, stored.Items.Count);
            }
        }

        _fromDatabase.TrySetResult();
        return true;
    }

    private void Publish(StoredFlags stored, FlagDocument below, long version, bool replaces = false)
    {
        var snapshot = FlagSnapshot.Compile(stored.Document.Over(below), options.Value, time, version: version, previous: live.Snapshot);
        if (replaces)
        {
            live.Replace(snapshot);
        }
        else
        {
            live.Publish(snapshot);
        }

        Volatile.Write(ref _stored, stored);
        foreach (var problem in snapshot.Problems.Take(10))
        {
            Log.Unreadable(logger, problem.Pointer, problem.Message);
        }
    }
}
