using GraphQL.Types;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Domain;
using Platform.Domain.DemoData;
using Platform.Domain.Persistence;
using Platform.FeatureFlags;
using Platform.Identity;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Platform.GraphQL.Tests.Hosting;

/// <summary>The GraphQL service itself on Kestrel, over a database of its own with the demo data.</summary>
public class PlatformHost(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DatabaseTemplate DemoData = new("graphql-demo-data", async (connectionString, cancellationToken) =>
    {
        var options = new DbContextOptionsBuilder<PlatformDbContext>().UseNpgsql(connectionString);
        options.UsePlatformConventions();
        await using var context = new PlatformDbContext(options.Options);
        await context.Database.MigrateAsync(cancellationToken);
        await new DemoDataSeed(context).RunAsync(cancellationToken);
    });

    private readonly TokenIssuer _issuer = new();
    private WebApplicationFactory<Program> _factory = null!;

    /// <summary>The database that the service works on.</summary>
    public TestDatabase Database { get; private set; } = null!;

    /// <summary>Where GraphQL is.</summary>
    public Uri Url { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    internal SqlStatements Sql { get; } = new();

    internal IServiceProvider Services => _factory.Services;

    internal ISchema Schema => _factory.Services.GetRequiredService<ISchema>();

    internal LiveFlags Flags => _factory.Services.GetRequiredService<LiveFlags>();

    /// <summary>Settings of <c>Platform:GraphQL</c>.</summary>
    protected virtual IEnumerable<(string Key, string Value)> Settings => [];

    /// <summary>The environment; not the one that developers work in.</summary>
    protected virtual string EnvironmentName => "Production";

    /// <summary>The address of Redis, or null for a service without one.</summary>
    protected virtual string? Redis => null;

    public async ValueTask InitializeAsync()
    {
        Database = await OpenDatabaseAsync();
        await _issuer.StartAsync();
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment(EnvironmentName);
            builder.UseUrls("http://127.0.0.1:0");
            builder.UseSetting("ConnectionStrings:platformdb", Database.ConnectionString);
            builder.UseSetting("Platform:Identity:Issuer", _issuer.Url + "/");
            builder.UseSetting("Platform:Identity:RequireHttps", "false");
            builder.UseSetting("ConnectionStrings:redis", Redis);

            // No balancer sends on while a host of the tests goes.
            builder.UseSetting("Platform:Drain:Delay", "00:00:00");
            builder.UseSetting("Platform:Audit:Key", Convert.ToBase64String(new byte[32]));
            foreach (var (key, value) in Settings)
            {
                builder.UseSetting($"Platform:GraphQL:{key}", value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders());
            builder.ConfigureTestServices(services => services.ConfigureDbContext<PlatformDbContext>(options => options.AddInterceptors(Sql)));
        });
        _factory.UseKestrel();
        _factory.StartServer();
        Url = new Uri(_factory.ClientOptions.BaseAddress, "/api/graphql/");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Http.Dispose();
        await _factory.DisposeAsync();
        await _issuer.DisposeAsync();
        await CloseDatabaseAsync();
    }

    protected virtual Task<TestDatabase> OpenDatabaseAsync() => postgres.CreateDatabaseAsync(DemoData);

    protected virtual async ValueTask CloseDatabaseAsync() => await Database.DisposeAsync();

    /// <summary>A token with the scopes, all of them when none is named.</summary>
    internal string Token(params string[] scopes) => _issuer.Token(string.Join(' ', scopes.Length > 0 ? scopes : ApiScopes.All.Keys));

    internal TokenIssuer Issuer => _issuer;

    /// <summary>Asks with a token for every scope.</summary>
    internal Task<GraphQLAnswer> AskAsync(string query, object? variables = null) => Http.AskAsync(Url, query, variables, token: Token());
}
