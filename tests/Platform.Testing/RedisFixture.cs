using Platform.Embedded.Redis;

namespace Platform.Testing;

/// <summary>
/// One server for Redis clients for a test program, started on first use: redis-server where the machine has it, otherwise
/// Garnet. It is shared by the test classes, so keys need a prefix of their own. A test that stops its server takes
/// one of its own with <see cref="StartOwnAsync"/>. Safe for several threads.
/// </summary>
public sealed class RedisFixture : IAsyncDisposable
{
    private readonly Lazy<Task<RedisServer>> _server = new(() => StartOwnAsync());

    /// <summary>The shared server, started if it is not yet.</summary>
    public Task<RedisServer> GetServerAsync() => _server.Value;

    /// <summary>
    /// Starts a server for the caller alone, who disposes of it, on a free port, or where one was stopped on that one's port.
    /// </summary>
    public static Task<RedisServer> StartOwnAsync(int? port = null, CancellationToken cancellationToken = default) =>
        RedisServer.StartAsync(new RedisServerOptions { Port = port }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
