using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Embedded.Folders;
using Platform.Embedded.Postgres;
using Platform.Embedded.Redis;
using Xunit;

namespace Platform.Testing.Xunit;

/// <summary>
/// A host of yours as it is, in the process of the test: its own <c>Program</c> on Kestrel and a free port, with a PostgreSQL and a Redis that are its
/// alone and end with it. Containers are not needed. Take it as <c>IClassFixture</c> or <c>AssemblyFixture</c>, and derive from it to prepare the
/// database or to change services.
/// </summary>
/// <typeparam name="TProgram">The host's entry point: <c>Program</c>.</typeparam>
/// <example><code>
/// public sealed class Shop : InProcessPlatform&lt;Program&gt;
/// {
///     protected override Task PrepareAsync(CancellationToken cancellationToken) => Migrations.ApplyAsync(Postgres, cancellationToken);
/// }
/// </code></example>
/// <remarks>Thread safe once it has started. The environment is <c>Development</c>; nothing is logged but to <see cref="Logs"/>.</remarks>
public class InProcessPlatform<TProgram> : IAsyncLifetime
    where TProgram : class
{
    private readonly ThrowawayFolder _folder = ThrowawayFolder.Create();
    private PostgresServer? _postgres;
    private RedisServer? _redis;
    private RunningHost? _host;

    /// <summary>What the host logged.</summary>
    public LogCapture Logs { get; } = new();

    /// <summary>The connection string of the database, as the host finds it under <see cref="DatabaseName"/>.</summary>
    public string Postgres => Started(_postgres).ConnectionStringFor("postgres");

    /// <summary>The connection string of Redis, as the host finds it under <see cref="RedisName"/>.</summary>
    public string Redis => Started(_redis).ConnectionString;

    /// <summary>The host's services: to override a flag, trip a breaker, or assert a budget.</summary>
    public IServiceProvider Services => Started(_host).Services;

    /// <summary>The name of the database's connection string.</summary>
    /// <value>Default <c>platformdb</c>.</value>
    protected virtual string DatabaseName => "platformdb";

    /// <summary>The name of Redis' connection string.</summary>
    /// <value>Default <c>redis</c>.</value>
    protected virtual string RedisName => "redis";

    /// <summary>A client of the host, over its socket.</summary>
    public HttpClient CreateClient() => Started(_host).CreateClient();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var postgres = PostgresServer.StartAsync(new PostgresServerOptions { Folder = Path.Combine(_folder.Path, "postgres"), Durable = false }, stop);
        _redis = await RedisServer.StartAsync(new RedisServerOptions(), stop);
        _postgres = await postgres;
        await PrepareAsync(stop);
        _host = new RunningHost(this);
        _host.StartServer();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        if (_postgres is not null)
        {
            // Nothing of it is wanted any more: no clean shutdown.
            await _postgres.CrashAsync();
            await _postgres.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Fills the database before the host starts: with its migrations, and what the tests ask for. Nothing by default.</summary>
    protected virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Changes the host before it is built: settings, services, the clock. Nothing by default.</summary>
    protected virtual void Configure(IWebHostBuilder builder)
    {
    }

    private static T Started<T>(T? part)
        where T : class => part ?? throw new InvalidOperationException("It has not started: xunit starts it as the fixture of a class or an assembly.");

    private sealed class RunningHost : WebApplicationFactory<TProgram>
    {
        private readonly InProcessPlatform<TProgram> _platform;

        public RunningHost(InProcessPlatform<TProgram> platform)
        {
            _platform = platform;
            UseKestrel(0);
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(Environments.Development);
            builder.UseSetting($"ConnectionStrings:{_platform.DatabaseName}", _platform.Postgres);
            builder.UseSetting($"ConnectionStrings:{_platform.RedisName}", _platform.Redis);
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_platform.Logs));
            _platform.Configure(builder);
        }
    }
}
