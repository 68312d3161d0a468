using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Messaging.Transports;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Messaging;

/// <summary>The server that holds the streams, and what they are called. The client reconnects by itself; until then commands fail at once.</summary>
internal sealed class RedisStreamConnection(IServiceProvider services, IOptions<RedisStreamsOptions> options) : IAsyncDisposable
{
    private const int ConnectTimeout = 2000;
    private const int ReconnectEvery = 500;

    // Errors of a server that can work for nobody at present, or that knows no streams; inside a script they come with more text around them.
    private static readonly string[] Outages =
        ["OOM", "LOADING", "READONLY", "MISCONF", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN", "BUSY ", "NOAUTH", "WRONGPASS", "nknown"];

    private readonly SemaphoreSlim _gate = new(1, 1);
    private ConnectionMultiplexer? _own;

    /// <summary>Announces lanes that have new entries.</summary>
    public RedisChannel WakeChannel { get; } = RedisChannel.Literal($"{options.Value.Prefix}:wake");

    public RedisKey Stream(short lane) => $"{options.Value.Prefix}:{{{lane.ToString(CultureInfo.InvariantCulture)}}}";

    /// <summary>Holds the name of the one consumer of a group that may read the lane.</summary>
    public RedisKey Owner(short lane, string group) => Stream(lane).Append($":owner:{group}");

    /// <exception cref="TransportUnavailableException">There is no connection to be had; no event is to blame.</exception>
    public async ValueTask<IConnectionMultiplexer> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return options.Value.ConnectionString is { } text
                ? _own ?? await OpenOwnAsync(text, cancellationToken)
                : services.GetRequiredService<IConnectionMultiplexer>();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new TransportUnavailableException($"There is no connection to Redis: {exception.Message}", exception);
        }
    }

    /// <summary>Runs a script, and tells an outage from a refusal.</summary>
    /// <exception cref="TransportUnavailableException">The server cannot be reached or cannot work at present.</exception>
    public static async Task<RedisResult> RunAsync(
        IDatabase database, string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script, keys, arguments).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            throw new TransportUnavailableException($"Redis cannot be used at present: {exception.Message}", exception);
        }
    }

    /// <summary>Removes the consumer groups of a subscription that is given up: its streams no longer keep anything for it.</summary>
    /// <exception cref="TransportUnavailableException">The server cannot be reached or cannot work at present.</exception>
    public async Task ForgetAsync(string subscription, int lanes, CancellationToken cancellationToken)
    {
        var database = (await OpenAsync(cancellationToken)).GetDatabase();
        for (short lane = 0; lane < lanes; lane++)
        {
            await RunAsync(database, StreamScripts.Forget, [Stream(lane), Owner(lane, subscription)], [subscription], cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }

        _gate.Dispose();
    }

    private async Task<ConnectionMultiplexer> OpenOwnAsync(string text, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_own is null)
            {
                var configuration = ConfigurationOptions.Parse(text);
                configuration.AbortOnConnectFail = false;
                configuration.BacklogPolicy = BacklogPolicy.FailFast;
                configuration.ConnectTimeout = ConnectTimeout;
                configuration.ConnectRetry = 1;
                configuration.ReconnectRetryPolicy = new LinearRetry(ReconnectEvery);
                _own = await ConnectionMultiplexer.ConnectAsync(configuration).WaitAsync(cancellationToken);
            }

            return _own;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static bool IsOutage(Exception exception) => exception switch
    {
        RedisConnectionException or RedisTimeoutException or ObjectDisposedException => true,
        RedisServerException error => Outages.Any(outage => error.Message.Contains(outage, StringComparison.Ordinal)),
        _ => false,
    };
}
