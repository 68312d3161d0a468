using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Testing;

namespace Platform.Api.Tests.Support;

/// <summary>One running API with a database of its own, for the tests of a class.</summary>
public sealed class ApiHost(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase? _database;
    private ApiServer? _server;

    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>With a token for all scopes.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Another client with a token for all scopes, whose answers are noted.</summary>
    internal HttpClient Watched(ContractHandler contract)
    {
        var client = _server!.CreateClient(contract);
        client.DefaultRequestHeaders.Authorization = Client.DefaultRequestHeaders.Authorization;
        return client;
    }

    public IServiceProvider Services => _server!.Services;

    public string ConnectionString => _database!.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        _server = new ApiServer(_database.ConnectionString);
        Anonymous = _server.CreateClient();
        Client = await WithTokenAsync();
    }

    /// <summary>A client that sends a token with these scopes; with none given, all that the demo client may have.</summary>
    public async Task<HttpClient> WithTokenAsync(params string[] scopes) => Sending(await Anonymous.TokenAsync(scopes));

    public HttpClient Sending(string token)
    {
        var client = _server!.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public AsyncServiceScope Scope() => Services.CreateAsyncScope();

    public async Task<long> CountAsync(string table)
    {
        await using var connection = await _database!.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
