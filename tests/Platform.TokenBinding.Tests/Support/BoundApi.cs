using System.Net;
using System.Net.Http.Headers;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Platform.TokenBinding.Tests.Support;

/// <summary>Replicas of the API on one database and one Redis.</summary>
internal sealed class BoundApi : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly ApiServer[] _replicas;

    private BoundApi(TestDatabase database, ApiServer[] replicas)
    {
        (_database, _replicas) = (database, replicas);
        Clients = [.. replicas.Select(replica => replica.CreateClient())];
    }

    /// <summary>One client for each replica.</summary>
    public HttpClient[] Clients { get; }

    public HttpClient Client => Clients[0];

    public ApiServer Server => _replicas[0];

    public string ConnectionString => _database.ConnectionString;

    public static async Task<BoundApi> StartAsync(
        PostgresFixture postgres, RedisFixture? redis, int replicas = 1, params (string Name, string Value)[] settings)
    {
        var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        var address = redis is null ? "127.0.0.1:1" : (await redis.GetServerAsync()).ConnectionString;
        return new BoundApi(database, [.. Enumerable.Range(0, replicas).Select(_ => new ApiServer(database.ConnectionString, address, settings: settings))]);
    }

    public string Url(string path, int replica = 0) => new Uri(Clients[replica].BaseAddress!, path).AbsoluteUri;

    /// <summary>Asks for a token with a proof.</summary>
    public Task<HttpResponseMessage> RequestTokenAsync(string? proof, int replica = 0, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url("/connect/token", replica))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = "demo",
                ["client_secret"] = "demo-secret",
            }),
        };
        if (proof is not null)
        {
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        }

        change?.Invoke(request);
        return Clients[replica].SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> TokenAsync(ProofKey? key, Action<HttpRequestMessage>? change = null)
    {
        using var response = await RequestTokenAsync(key?.Proof("POST", Url("/connect/token")), change: change);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.JsonAsync())["access_token"]!.GetValue<string>();
    }

    public Task<HttpResponseMessage> GetAsync(
        string path, string scheme, string token, string? proof = null, int replica = 0, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Url(path, replica));
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        if (proof is not null)
        {
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        }

        change?.Invoke(request);
        return Clients[replica].SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>How often something is in the audit trail.</summary>
    public async Task<long> AuditedAsync(string action)
    {
        await using var connection = await _database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM platform.core_security_audit WHERE action = $1", connection)
        {
            Parameters = { new() { Value = action } },
        };
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await _database.DisposeAsync();
    }
}
