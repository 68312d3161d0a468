using StackExchange.Redis;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>
/// Texts of documents in Redis, which spares the replicas the database. Only identifiers that are digests are kept here, and a text is taken only
/// when it has the digest: whoever can write to Redis cannot put a document in another's place.
/// </summary>
internal sealed class RedisDocuments(IServiceProvider services, IConfiguration configuration, ILogger<RedisDocuments> logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly bool _isConfigured = !string.IsNullOrEmpty(configuration.GetConnectionString("redis"));

    public async Task<string?> FindAsync(string id)
    {
        if (!_isConfigured || !DocumentIdentifier.IsDigest(id))
        {
            return null;
        }

        try
        {
            string? text = await Database().StringGetAsync(Key(id)).WaitAsync(Patience);
            return text is not null && DocumentIdentifier.Of(text) == id ? text : null;
        }
        catch (Exception e) when (IsOutage(e))
        {
            Log.RedisDocumentsAway(logger, e);
            return null;
        }
    }

    public async Task KeepAsync(string id, string text)
    {
        if (!_isConfigured || !DocumentIdentifier.IsDigest(id))
        {
            return;
        }

        try
        {
            await Database().StringSetAsync(Key(id), text, Lifetime).WaitAsync(Patience);
        }
        catch (Exception e) when (IsOutage(e))
        {
            Log.RedisDocumentsAway(logger, e);
        }
    }

    private static bool IsOutage(Exception exception) => exception is RedisException or TimeoutException or InvalidOperationException;

    private static RedisKey Key(string id) => "platform:graphql:document:" + id;

    private IDatabase Database() => services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
}
