using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Benchmarks.Outbox.Measuring;
using Platform.Embedded.Folders;
using Platform.Embedded.Network;
using Platform.Embedded.Postgres;

namespace Platform.Benchmarks.Api;

/// <summary>Platform.Api as it is, in a process of its own, on a PostgreSQL of its own with the demo data.</summary>
internal sealed class RealApi : IAsyncDisposable
{
    private const string Unlimited = "1000000000";

    private readonly ThrowawayFolder _folder;
    private readonly PostgresServer _server;
    private readonly ServerCpu _cpu;
    private readonly ApiProcess _process;

    private RealApi(ThrowawayFolder folder, PostgresServer server, ApiProcess process)
    {
        (_folder, _server, _process) = (folder, server, process);
        _cpu = new ServerCpu(server.ProcessId);
    }

    public Uri Address => _process.Address;

    public string ConnectionString => _server.ConnectionStringFor(PlatformServer.Database);

    /// <summary>Processor time of the API and of the database.</summary>
    public TimeSpan ProcessorTime => _process.ProcessorTime + TimeSpan.FromSeconds(_cpu.Read());

    public static async Task<RealApi> StartAsync(CancellationToken cancellationToken)
    {
        var folder = ThrowawayFolder.Create();
        var server = await PlatformServer.StartAsync(folder.Path, durable: true, cancellationToken);
        var port = LoopbackPort.FindFree();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Platform:RateLimiting:Classes:read:Limit"] = Unlimited,
            ["Platform:RateLimiting:Classes:write:Limit"] = Unlimited,
            ["Platform:FeatureFlags:SnapshotFolder"] = "",
        };
        var process = await ApiProcess.StartAsync(port, new Uri($"http://127.0.0.1:{port}/"), server.ConnectionStringFor(PlatformServer.Database), settings, cancellationToken);
        return new RealApi(folder, server, process);
    }

    /// <summary>A client with a token for everything that the demo client may do.</summary>
    public async Task<HttpClient> ClientAsync(CancellationToken cancellationToken)
    {
        var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = Address };
        using var response = await client.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "demo", ["client_secret"] = "demo-secret" }),
            cancellationToken);
        using var token = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("access_token").GetString());
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}
