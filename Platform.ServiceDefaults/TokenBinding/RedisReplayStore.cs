using Microsoft.Extensions.DependencyInjection;
using Platform.Errors;
using Platform.TokenBinding;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>One key each, set only where it is not there yet (Redis, SET with NX and PX): the server decides who was first.</summary>
internal sealed class RedisReplayStore(IServiceProvider services) : IReplayStore
{
    private const string Prefix = "platform:once:";
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    private readonly Lazy<IConnectionMultiplexer?> _redis = new(services.GetService<IConnectionMultiplexer>);

    public async ValueTask<bool> TryUseAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        try
        {
            // Nobody remembers without Redis, and a proof that may have been used counts as used.
            var redis = _redis.Value ?? throw Away(null);
            return await redis.GetDatabase().StringSetAsync($"{Prefix}{key}", "1", lifetime, When.NotExists).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or InvalidOperationException)
        {
            throw Away(e);
        }
    }

    private static ErrorException Away(Exception? cause) =>
        new(ErrorCode.ServiceUnavailable, "Proofs of possession cannot be checked for replays at present.", cause) { RetryAfter = TryAgain };
}
