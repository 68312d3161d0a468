using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.TokenBinding;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>
/// The revocations in memory, read again whenever they changed: at once where Redis passes the word, at the next look otherwise. A look that
/// fails leaves what is known in force.
/// </summary>
internal sealed class RevocationCache(
    IServiceProvider services, IOptions<TokenBindingOptions> options, TimeProvider time, ILogger<RevocationCache> logger)
    : BackgroundService, IRevocations
{
    // More than that at once is an incident: then a new signing key ends all tokens.
    private const int Limit = 100_000;

    private static readonly RedisChannel Channel = RedisChannel.Literal("platform:revoked");

    private readonly IRevocationStore? _store = services.GetService<IRevocationStore>();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _own = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private volatile FrozenSet<string> _revoked = [];
    private string? _mark;

    public event Action? Changed;

    public bool IsRevoked(string family) => _revoked.Contains(family) || (!_own.IsEmpty && _own.ContainsKey(family));

    public async Task RevokeAsync(string family, DateTimeOffset expiresAt, string reason, CancellationToken cancellationToken = default)
    {
        if (_own.Count < Limit)
        {
            _own[family] = expiresAt;
            Changed?.Invoke();
        }

        if (_store is null)
        {
            return;
        }

        await _store.AddAsync(family, expiresAt, reason, cancellationToken);
        try
        {
            if (services.GetService<IConnectionMultiplexer>() is { } redis)
            {
                await redis.GetSubscriber().PublishAsync(Channel, RedisValue.EmptyString, CommandFlags.FireAndForget);
            }
        }
        catch (Exception e) when (e is RedisException or InvalidOperationException or ArgumentException)
        {
            Log.NotPassedOn(logger, e);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_store is null)
        {
            return;
        }

        await Task.Yield();
        await SubscribeAsync();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(_store, stoppingToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                Log.RevocationsNotRead(logger, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await WaitAsync(stoppingToken);
        }
    }

    private async Task LookAsync(IRevocationStore store, CancellationToken cancellationToken)
    {
        var mark = await store.ReadMarkAsync(cancellationToken);
        if (mark != _mark)
        {
            var read = await store.ReadAsync(Limit, cancellationToken);
            _revoked = read.ToFrozenSet(StringComparer.Ordinal);
            _mark = mark;
            Changed?.Invoke();
            if (read.Count == Limit)
            {
                Log.TooManyRevocations(logger, Limit);
            }
        }

        var now = time.GetUtcNow();
        foreach (var (family, expiresAt) in _own)
        {
            if (expiresAt < now || _revoked.Contains(family))
            {
                _own.TryRemove(family, out _);
            }
        }
    }

    private async Task SubscribeAsync()
    {
        try
        {
            if (services.GetService<IConnectionMultiplexer>() is { } redis)
            {
                await redis.GetSubscriber().SubscribeAsync(Channel, (_, _) => Wake());
            }
        }
        catch (Exception e) when (e is RedisException or InvalidOperationException or ArgumentException or ObjectDisposedException)
        {
            Log.NotPassedOn(logger, e);
        }
    }

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Awake already, or gone.
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var poll = Task.Delay(options.Value.RevocationPoll, time, either.Token);
        var wake = _wake.WaitAsync(either.Token);
        await Task.WhenAny(poll, wake);
        await either.CancelAsync();
        await wake.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
