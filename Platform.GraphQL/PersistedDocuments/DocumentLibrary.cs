using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.EntityFrameworkCore.PersistedDocuments;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>
/// Finds documents by their identifiers: prepared ones in memory, their texts in Redis and then in the database, which has them all. Without a
/// database only memory is left. Thread safe; an outage of either store is a miss, never an error of the request.
/// </summary>
internal sealed class DocumentLibrary : IDisposable
{
    // Floods of made-up identifiers fill this one, and leave the documents alone.
    private const int MaxMisses = 10_000;

    // What is longer is seldom, and takes long to run anyway.
    private const int MaxTextLength = 8_192;

    private static readonly object Missing = new();

    private readonly MemoryCache _prepared;
    private readonly MemoryCache _texts;
    private readonly MemoryCache _misses;
    private readonly PersistedDocumentOptions _options;
    private readonly PersistedDocumentStore? _store;
    private readonly RedisDocuments? _redis;
    private readonly RegistrationBudget _budget;
    private readonly ILogger<DocumentLibrary> _logger;

    public DocumentLibrary(
        IOptions<PersistedDocumentOptions> options,
        TimeProvider time,
        ILogger<DocumentLibrary> logger,
        PersistedDocumentStore? store = null,
        RedisDocuments? redis = null)
    {
        _options = options.Value;
        _store = store;

        // Trust is read where it is decided. What Redis says of a text can be checked, what it says of trust cannot.
        _redis = IsTrustAsked ? null : redis;
        _logger = logger;
        _budget = new RegistrationBudget(_options.MaxRegistrationsPerMinute, time);
        _prepared = new MemoryCache(new MemoryCacheOptions { SizeLimit = _options.MemoryDocuments, Clock = new CacheClock(time) });
        _texts = new MemoryCache(new MemoryCacheOptions { SizeLimit = _options.MemoryDocuments, Clock = new CacheClock(time) });
        _misses = new MemoryCache(new MemoryCacheOptions { SizeLimit = MaxMisses, Clock = new CacheClock(time) });
    }

    private bool IsTrustAsked => _options.Mode is PersistedDocumentMode.TrustedOnly or PersistedDocumentMode.ReportOnly;

    /// <summary>Gives a document that is ready to run.</summary>
    public PreparedDocument? FindPrepared(string id) => _prepared.TryGetValue(id, out PreparedDocument? document) ? document : null;

    /// <summary>Gives a document that is ready to run, by the text of it that a request brought.</summary>
    public PreparedDocument? FindText(string text) => _texts.TryGetValue(text, out PreparedDocument? document) ? document : null;

    /// <summary>Keeps a document ready that ran and came without an identifier. Those of floods push out each other, and none that has one.</summary>
    public void KeepText(string text, PreparedDocument document)
    {
        if (text.Length <= MaxTextLength)
        {
            _texts.Set(text, document, new MemoryCacheEntryOptions { Size = 1 });
        }
    }

    /// <summary>Finds a document's text.</summary>
    public async ValueTask<PersistedDocument?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (_store is null || _misses.TryGetValue(id, out _))
        {
            return null;
        }

        if (_redis is not null && await _redis.FindAsync(id) is { } text)
        {
            return new(id, text, []);
        }

        try
        {
            if (await _store.FindAsync(id, cancellationToken) is { } document)
            {
                // Redis knows texts alone; whose manifest holds one is in the database.
                if (document.Clients.Count == 0)
                {
                    await KeepInRedisAsync(document);
                }

                return document;
            }
        }
        catch (Exception e) when (IsOutage(e))
        {
            Log.DocumentStoreAway(_logger, e);
            return null;
        }

        if (_options.MissLifetime > TimeSpan.Zero)
        {
            _misses.Set(id, Missing, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _options.MissLifetime });
        }

        return null;
    }

    /// <summary>Keeps a document ready that ran, and so is known to be valid.</summary>
    public void Keep(PreparedDocument document)
    {
        var entry = new MemoryCacheEntryOptions { Size = 1 };
        if (IsTrustAsked)
        {
            entry.AbsoluteExpirationRelativeToNow = _options.TrustLifetime;
        }

        _prepared.Set(document.Id, document, entry);
    }

    /// <summary>Stores a document that a request brought along with its identifier, for all replicas.</summary>
    /// <param name="id">The identifier, verified.</param>
    /// <param name="text">The document, valid.</param>
    /// <param name="operationName">The name of its operation.</param>
    /// <param name="caller">Who brought it; each has a budget.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RegisterAsync(string id, string text, string? operationName, string caller, CancellationToken cancellationToken)
    {
        _misses.Remove(id);
        if (_store is null || !_budget.TrySpend(caller))
        {
            return;
        }

        try
        {
            if (await _store.AddAutomaticAsync(id, text, operationName, _options.MaxAutomatic, cancellationToken))
            {
                await KeepInRedisAsync(new PersistedDocument(id, text, []));
            }
        }
        catch (Exception e) when (IsOutage(e))
        {
            Log.DocumentStoreAway(_logger, e);
        }
    }

    public void Dispose()
    {
        _prepared.Dispose();
        _texts.Dispose();
        _misses.Dispose();
    }

    private static bool IsOutage(Exception exception) => exception is NpgsqlException or TimeoutException || exception.InnerException is NpgsqlException;

    private Task KeepInRedisAsync(PersistedDocument document) => _redis?.KeepAsync(document.Id, document.Text) ?? Task.CompletedTask;

    private sealed class CacheClock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
