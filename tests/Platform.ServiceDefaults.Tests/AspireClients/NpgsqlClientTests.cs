using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Embedded.Folders;
using Platform.Embedded.Postgres;
using Platform.EntityFrameworkCore.Health;
using Platform.ServiceDefaults.Tests.Support;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.AspireClients;

public sealed class NpgsqlClientTests(PostgresFixture postgres)
{
    private static readonly (string, string?) NoCache = ("Platform:Health:CacheFor", "00:00:00");

    [Fact]
    public async Task Context_works_and_is_pooled()
    {
        await using var database = await postgres.CreateDatabaseAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await StartAsync(database.ConnectionString);
        ShopContext first;
        await using (var scope = app.Services.CreateAsyncScope())
        {
            first = scope.ServiceProvider.GetRequiredService<ShopContext>();
            Assert.Equal(1, await first.Database.SqlQueryRaw<int>("SELECT 1 AS \"Value\"").SingleAsync(TestContext.Current.CancellationToken));
        }

        await using var second = app.Services.CreateAsyncScope();
        Assert.Same(first, second.ServiceProvider.GetRequiredService<ShopContext>());
    }

    [Theory]
    [InlineData(null, true, 30)]
    [InlineData("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL", false, 7)]
    [InlineData("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:ShopContext", false, 7)]
    public async Task Settings_are_read_where_aspire_reads_them(string? section, bool retries, int timeout)
    {
        await using var database = await postgres.CreateDatabaseAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await StartAsync(database.ConnectionString, section is null ? [] : [($"{section}:DisableRetry", "true"), ($"{section}:CommandTimeout", "7")]);
        await using var scope = app.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShopContext>();

        Assert.Equal(retries, context.Database.CreateExecutionStrategy().RetriesOnFailure);
        await context.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        Assert.Equal(timeout, context.Database.GetCommandTimeout() ?? command.CommandTimeout);
    }

    [Fact]
    public async Task Enriched_context_has_what_an_added_one_has()
    {
        await using var database = await postgres.CreateDatabaseAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await TestApp.StartAsync(builder =>
        {
            builder.Services.AddDbContextPool<ShopContext>(options => options.UseNpgsql(database.ConnectionString));
            builder.EnrichNpgsqlDbContext<ShopContext>();
        });
        await using var scope = app.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShopContext>();

        Assert.True(context.Database.CreateExecutionStrategy().RetriesOnFailure);
        Assert.True(await context.Database.CanConnectAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["ShopContext"], Checks(app));
    }

    [Fact]
    public async Task Context_that_nobody_registered_cannot_be_enriched()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => TestApp.StartAsync(builder => builder.EnrichNpgsqlDbContext<ShopContext>()));
    }

    [Fact]
    public async Task Missing_connection_string_is_named_when_the_context_is_wanted()
    {
        await using var app = await StartAsync(null);
        using var scope = app.Services.CreateScope();

        var failure = Assert.Throws<InvalidOperationException>(scope.ServiceProvider.GetRequiredService<ShopContext>);
        Assert.Contains("ConnectionStrings:shop", failure.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(app, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "/healthz"));
    }

    [Fact]
    public async Task Health_check_can_be_left_out_and_is_there_once_by_default()
    {
        await using (var without = await TestApp.StartAsync(builder => builder.AddNpgsqlDbContext<ShopContext>("shop", settings => settings.DisableHealthChecks = true)))
        {
            Assert.Empty(Checks(without));
        }

        await using var twice = await TestApp.StartAsync(builder =>
        {
            builder.AddNpgsqlDbContext<ShopContext>("shop");
            builder.EnrichNpgsqlDbContext<ShopContext>();
        });
        Assert.Equal(["ShopContext"], Checks(twice));
    }

    [Fact]
    public async Task Statements_are_spans_of_the_request_that_made_them()
    {
        await using var database = await postgres.CreateDatabaseAsync(cancellationToken: TestContext.Current.CancellationToken);
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await StartAsync(database.ConnectionString, map: app => app.MapGet("/ask", async (ShopContext shop) =>
            await shop.Database.ExecuteSqlRawAsync("SELECT {0}", "whatever was asked for")));
        using var response = await app.Client.GetAsync("/ask", TestContext.Current.CancellationToken);
        var trace = Assert.Single(response.Headers.GetValues("X-Trace-Id"));

        lock (spans)
        {
            // OpenTelemetry semantic conventions, "Database client spans": the statement, and none of its values.
            var span = Assert.Single(spans, span => span.TraceId.ToHexString() == trace && span.GetTagItem("db.query.text") is not null);
            Assert.Equal(ActivityKind.Client, span.Kind);
            Assert.Equal("postgresql", span.GetTagItem("db.system.name"));
            Assert.StartsWith("SELECT ", (string)span.GetTagItem("db.query.text")!, StringComparison.Ordinal);
            Assert.DoesNotContain(span.TagObjects, tag => tag.Value is string text && text.Contains("whatever", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Readiness_follows_postgres_down_and_up_again_by_itself()
    {
        using var folder = ThrowawayFolder.Create();
        var options = new PostgresServerOptions { Folder = Path.Combine(folder.Path, "postgres"), Durable = false, Password = "only-for-this-test" };
        var server = await PostgresServer.StartAsync(options, TestContext.Current.CancellationToken);
        await using var app = await StartAsync(server.ConnectionStringFor("postgres"), [NoCache]);
        await Until.TrueAsync(async () => await StatusAsync(app, "/readyz") is HttpStatusCode.OK, "readiness");

        await server.CrashAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(app, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "/healthz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "/startup"));

        await using var again = await PostgresServer.StartAsync(options with { Port = server.Port }, TestContext.Current.CancellationToken);
        await Until.TrueAsync(async () => await StatusAsync(app, "/readyz") is HttpStatusCode.OK, "readiness to come back");
        await again.CrashAsync();
    }

    [Fact]
    public async Task Host_is_up_when_its_migrations_are_applied()
    {
        await using var database = await postgres.CreateDatabaseAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await TestApp.StartAsync(
            builder =>
            {
                builder.AddNpgsqlDbContext<ShopContext>("shop");
                builder.Services.AddMigrationsCheck<ShopContext>();
            },
            settings: [("ConnectionStrings:shop", database.ConnectionString), NoCache]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(app, "/startup"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(app, "/readyz"));

        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ShopContext>().Database.MigrateAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "/startup"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "/readyz"));
    }

    private static Task<TestApp> StartAsync(string? connectionString, (string, string?)[]? settings = null, Action<WebApplication>? map = null) =>
        TestApp.StartAsync(
            builder => builder.AddNpgsqlDbContext<ShopContext>("shop"), map, settings: [("ConnectionStrings:shop", connectionString), .. settings ?? []]);

    private static IEnumerable<string> Checks(TestApp app) =>
        app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => check.Name);

    private static async Task<HttpStatusCode> StatusAsync(TestApp app, string path)
    {
        using var response = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
