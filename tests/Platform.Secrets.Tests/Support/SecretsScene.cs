using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Secrets.Victim;
using Platform.Testing;

namespace Platform.Secrets.Tests.Support;

/// <summary>A database of its own with the platform's schema, keys and demo client, and the services that a worker rotates with.</summary>
internal sealed class SecretsScene : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly List<WebApplication> _workers = [];

    private SecretsScene(TestDatabase database, IEnumerable<KeyValuePair<string, string?>> settings, Action<IHostApplicationBuilder>? configure)
    {
        _database = database;
        Prefix = $"r_{database.Name}";
        Settings = new(RotationHost.Settings(Prefix), StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            Settings[name] = value;
        }

        Worker = Replica(configure);
    }

    public string Prefix { get; }

    public Dictionary<string, string?> Settings { get; }

    public string ConnectionString => _database.ConnectionString;

    public IServiceProvider Worker { get; }

    public RotationEngine Engine => Worker.GetRequiredService<RotationEngine>();

    public IRotationStore Store => Worker.GetRequiredService<IRotationStore>();

    public static async Task<SecretsScene> OpenAsync(
        PostgresFixture postgres, Action<IHostApplicationBuilder>? configure = null, params (string Name, string? Value)[] settings) => new(
            await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken),
            settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)),
            configure);

    /// <summary>Another worker.</summary>
    public IServiceProvider Replica(Action<IHostApplicationBuilder>? configure = null)
    {
        var worker = RotationHost.Build(ConnectionString, Settings, configure);
        _workers.Add(worker);
        return worker.Services;
    }

    /// <summary>A host that runs and follows secrets.</summary>
    public async Task<IServiceProvider> FollowerAsync(Action<IHostApplicationBuilder>? configure = null)
    {
        var worker = RotationHost.Build(ConnectionString, [.. Settings, new("urls", "http://127.0.0.1:0")], configure);
        _workers.Add(worker);
        await worker.StartAsync(TestContext.Current.CancellationToken);
        return worker.Services;
    }

    /// <summary>Platform.Api, configured like the worker.</summary>
    public ApiServer Api()
    {
        var api = new ApiServer(ConnectionString, settings: [.. Settings.Select(setting => (setting.Key, setting.Value!))]);
        api.StartServer();
        return api;
    }

    public Task<Rotation> RotateAsync(string name, RotationTrigger trigger = RotationTrigger.Operator) =>
        Engine.RotateAsync(name, trigger, "ada", "a test", null, TestContext.Current.CancellationToken);

    public async Task<SecretStatus> StatusAsync(string name) => Assert.Single(await Store.StatusAsync(name, TestContext.Current.CancellationToken));

    /// <summary>The opened versions of a secret.</summary>
    public async Task<Secret> OpenSecretAsync(string name)
    {
        var stored = (await Store.ReadAsync(name, TestContext.Current.CancellationToken))!;
        var envelope = Worker.GetRequiredService<SecretEnvelope>();
        var versions = new List<SecretVersion>();
        foreach (var version in stored.Versions)
        {
            var value = await envelope.OpenAsync(name, version.Id, version.Sealed, TestContext.Current.CancellationToken);
            versions.Add(new SecretVersion(version.Id, version.Stage, System.Text.Encoding.UTF8.GetString(value), version.Reference));
        }

        return new Secret(name, stored.Generation, versions);
    }

    public async Task<List<T>> QueryAsync<T>(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        foreach (var role in await QueryAsync<string>($"SELECT rolname FROM pg_roles WHERE rolname LIKE '{Prefix}\\_%'"))
        {
            await QueryAsync<object>($"DROP ROLE \"{role}\"");
        }

        await _database.DisposeAsync();
    }
}
