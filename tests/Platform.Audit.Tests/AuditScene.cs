using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Audit;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Platform.Audit.Tests;

/// <summary>A migrated database of its own, with the trail as a host registers it.</summary>
public sealed class AuditScene : IAsyncDisposable
{
    public const string Key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    private static readonly DatabaseTemplate Template = new("audit", async (connectionString, cancellationToken) =>
    {
        await using var services = Build(connectionString, []);
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlatformDbContext>().Database.MigrateAsync(cancellationToken);
    });

    private readonly TestDatabase _database;
    private readonly List<ServiceProvider> _replicas = [];

    private AuditScene(TestDatabase database)
    {
        _database = database;
        Services = Replica();
    }

    public ServiceProvider Services { get; }

    public string ConnectionString => _database.ConnectionString;

    public static async Task<AuditScene> OpenAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync(Template));

    /// <summary>Another process of the same platform.</summary>
    public ServiceProvider Replica(params KeyValuePair<string, string?>[] settings)
    {
        var replica = Build(_database.ConnectionString, settings);
        _replicas.Add(replica);
        return replica;
    }

    public async Task<Guid> RecordAsync(AuditEvent entry, bool commit = true)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        await using var transaction = await context.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var id = scope.ServiceProvider.GetRequiredService<IAuditTrail>().Record(entry);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        if (commit)
        {
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        return id;
    }

    /// <summary>Writes this many entries and seals them.</summary>
    public async Task FillAsync(int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            await RecordAsync(new AuditEvent("test.fill", $"row:{i}", AuditOutcome.Succeeded, $"reason {i}"));
        }

        await SealAsync();
    }

    public Task<int> SealAsync(ServiceProvider? replica = null, bool anchor = false) =>
        SealingOf(replica ?? Services).RunAsync(anchor, TestContext.Current.CancellationToken);

    public Task<AuditVerdict> VerifyAsync(params string[] anchors) =>
        Services.GetRequiredService<AuditVerification>().RunAsync(anchors, TestContext.Current.CancellationToken);

    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What only the owner of the tables can do: the triggers are off meanwhile.</summary>
    public Task TamperAsync(string sql) => ExecuteAsync($"""
        ALTER TABLE platform.core_security_audit DISABLE TRIGGER ALL;
        ALTER TABLE platform.core_security_audit_seal DISABLE TRIGGER ALL;
        {sql};
        ALTER TABLE platform.core_security_audit ENABLE ALWAYS TRIGGER core_security_audit_grows;
        ALTER TABLE platform.core_security_audit ENABLE ALWAYS TRIGGER core_security_audit_keeps;
        ALTER TABLE platform.core_security_audit_seal ENABLE ALWAYS TRIGGER core_security_audit_seal_grows;
        """);

    public async Task<(int ExitCode, string Output)> WorkerAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ConnectionStrings__platformdb"] = ConnectionString,
                ["ConnectionStrings__redis"] = "127.0.0.1:1",
                ["Platform__Audit__Key"] = Key,
                ["Logging__LogLevel__Default"] = "None",
            },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private static AuditSealing SealingOf(ServiceProvider replica) => replica.GetRequiredService<AuditSealing>();

    private static ServiceProvider Build(string connectionString, KeyValuePair<string, string?>[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Platform:Audit:Key", Key)]).AddInMemoryCollection(settings).Build());
        services.AddLogging();
        services.AddDbContext<PlatformDbContext>(options =>
        {
            options.UseNpgsql(connectionString);
            options.UsePlatformConventions();
        });
        services.AddDomain();
        return services.BuildServiceProvider(validateScopes: true);
    }
}
