using System.Globalization;
using System.Net;
using Platform.Embedded.Network;

namespace Platform.Embedded.Redis;

/// <summary>A server for Redis clients on loopback, which ends with this program. Safe for several threads.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly IRedisEngine _engine;
    private readonly string? _password;

    private RedisServer(IRedisEngine engine, RedisProduct product, int port, string? password)
    {
        _engine = engine;
        _password = password;
        Product = product;
        Port = port;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Which server runs.</summary>
    public RedisProduct Product { get; }

    /// <summary>Host and port, as in <c>127.0.0.1:6379</c>.</summary>
    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"{IPAddress.Loopback}:{Port}");

    /// <summary>The connection string for StackExchange.Redis.</summary>
    public string ConnectionString => _password is null ? EndPoint : $"{EndPoint},password={_password}";

    /// <summary>Ends when the server does, whether asked or not.</summary>
    public Task Exited => _engine.Exited;

    /// <summary>The product that <see cref="StartAsync"/> takes when none is asked for.</summary>
    public static RedisProduct FoundProduct => RedisProcess.Find() is null ? RedisProduct.Garnet : RedisProduct.Redis;

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <exception cref="EmbeddedException">The port is taken, or the server does not come up within the limit.</exception>
    public static async Task<RedisServer> StartAsync(RedisServerOptions options, CancellationToken cancellationToken = default)
    {
        var product = options.Product ?? FoundProduct;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.StartLimit);
        var port = options.Port ?? LoopbackPort.FindFree();
        try
        {
            IRedisEngine engine = product == RedisProduct.Redis
                ? await RedisProcess.StartAsync(options, port, limit.Token)
                : GarnetEngine.Start(options, port);
            return new RedisServer(engine, product, port, options.Password);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EmbeddedException($"{product} did not answer on port {port} within {options.StartLimit.TotalSeconds:0} s.");
        }
    }

    /// <summary>Stops the server; open connections are broken off.</summary>
    public Task StopAsync() => _engine.StopAsync();

    public async ValueTask DisposeAsync() => await StopAsync();
}
