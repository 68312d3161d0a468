using Platform.Embedded.Output;
using Platform.Embedded.Redis;

namespace Platform.Embedded.Engine;

/// <summary>Runs a server for Redis clients.</summary>
internal sealed class RedisLauncher(RedisResource resource, string folder, ProcessRecord record, ConsoleOutput output, Action release) : ILauncher
{
    public int Replicas => 1;

    public async Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        release();
        var server = await RedisServer.StartAsync(
            new RedisServerOptions
            {
                Folder = resource.KeepsData ? folder : null,
                Port = resource.Port,
                Password = resource.Password?.Value,
                Output = line => output.Show(resource.Name, line),
                Started = processId => record.Add(processId, resource.Name),
            },
            cancellationToken);
        return new Instance(server);
    }

    private sealed class Instance(RedisServer server) : IInstance
    {
        public string Description => server.Product == RedisProduct.Garnet ? "Garnet, in this process" : "redis-server";

        public Task<int> Exited { get; } = EndAsync(server);

        public Task UntilReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(TimeSpan limit) => server.StopAsync();

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private static async Task<int> EndAsync(RedisServer server)
        {
            await server.Exited;
            return 0;
        }
    }
}
