namespace Platform.Testing;

/// <summary>
/// One RabbitMQ node for a test program, started on first use. It is shared by the test classes, so the names of exchanges and queues need a prefix of their
/// own. Safe for several threads.
/// </summary>
public sealed class RabbitFixture : IAsyncDisposable
{
    private readonly Lazy<Task<RabbitServer>> _server = new(() => RabbitServer.StartAsync());

    /// <summary>The node, started if it is not yet.</summary>
    public Task<RabbitServer> GetServerAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        // One that did not start has said so to the tests that asked for it.
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
