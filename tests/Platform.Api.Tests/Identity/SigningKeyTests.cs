using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.EntityFrameworkCore.Identity;
using Platform.Testing;

namespace Platform.Api.Tests.Identity;

/// <summary>The keys outlive a host, are one set for all replicas, change without a restart, and cannot be read from the database.</summary>
public sealed class SigningKeyTests(PostgresFixture postgres)
{
    private const string OtherKey = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY=";

    [Fact]
    public async Task Steps_that_race_create_one_key_of_each_kind()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.SchemaOnly, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SeedAsync(database, Environments.Development)));

        Assert.Equal(["Encryption", "Signing"], await ReadAsync<string>(database, "SELECT kind FROM platform.identity_key ORDER BY kind"));
        Assert.Equal([2L], await ReadAsync<long>(database, "SELECT count(*) FROM platform.identity_application"));
        Assert.Equal([3L], await ReadAsync<long>(database, "SELECT count(*) FROM platform.identity_user"));
        Assert.Equal([(long)Platform.Identity.ApiScopes.All.Count], await ReadAsync<long>(database, "SELECT count(*) FROM platform.identity_scope"));
    }

    [Fact]
    public async Task Stored_key_is_sealed_and_opens_with_its_own_key_encryption_key_only()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken);
        await using var services = PlatformTemplate.Services(database.ConnectionString, Environments.Development);
        await using var scope = services.CreateAsyncScope();
        var key = (await scope.ServiceProvider.GetRequiredService<SigningKeys>().ReadAsync(TestContext.Current.CancellationToken))
            .Single(candidate => candidate.Kind is IdentityKeyKind.Signing);
        var stored = Assert.Single(await ReadAsync<byte[]>(database, "SELECT sealed FROM platform.identity_key WHERE kind = 'Signing'"));
        Assert.Equal(-1, stored.AsSpan().IndexOf(key.Material.AsSpan(32, 16)));
        Assert.DoesNotContain(Convert.ToBase64String(key.Material)[..16], key.ToString(), StringComparison.Ordinal);

        await using var others = PlatformTemplate.Services(database.ConnectionString, Environments.Development, OtherKey);
        await using var otherScope = others.CreateAsyncScope();
        var refusal = await Assert.ThrowsAsync<CryptographicException>(
            () => otherScope.ServiceProvider.GetRequiredService<SigningKeys>().ReadAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Platform:Identity:KeyEncryptionKey", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sealed_keys_cannot_be_swapped_between_rows()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken);
        await ReadAsync<object>(database, "UPDATE platform.identity_key SET sealed = (SELECT sealed FROM platform.identity_key WHERE kind = 'Signing')");
        await using var services = PlatformTemplate.Services(database.ConnectionString, Environments.Development);
        await using var scope = services.CreateAsyncScope();
        await Assert.ThrowsAsync<CryptographicException>(
            () => scope.ServiceProvider.GetRequiredService<SigningKeys>().ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Token_of_one_replica_is_good_at_another_and_after_a_restart()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken);
        string token;
        await using (var first = new ApiServer(database.ConnectionString))
        {
            using var client = first.CreateClient();
            token = await client.TokenAsync();
        }

        await using var second = new ApiServer(database.ConnectionString);
        await AssertAcceptedAsync(second, token);
    }

    [Fact]
    public async Task New_key_takes_over_in_all_replicas_without_a_restart_while_tokens_of_the_old_one_stay_good()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, cancellation);
        await using var first = new ApiServer(database.ConnectionString);
        using var client = first.CreateClient();
        var oldToken = await client.TokenAsync();
        await using var replica = new ApiServer(database.ConnectionString);
        await AssertAcceptedAsync(replica, oldToken);

        Guid newKey;
        await using (var services = PlatformTemplate.Services(database.ConnectionString, Environments.Development))
        await using (var scope = services.CreateAsyncScope())
        {
            newKey = await scope.ServiceProvider.GetRequiredService<SigningKeys>().RollOverAsync(TimeProvider.System.GetUtcNow(), cancellation);
        }

        // The next start reads the key; the replica that runs meets it first in a token.
        await using var restarted = new ApiServer(database.ConnectionString);
        using var restartedClient = restarted.CreateClient();
        var newToken = await restartedClient.TokenAsync();
        Assert.Contains(newKey.ToString("N"), Base64Url(newToken.Split('.')[0]), StringComparison.Ordinal);
        Assert.Equal(2, (await restartedClient.GetJsonAsync("/.well-known/jwks"))["keys"]!.AsArray().Count);

        // Many at once, of whom one reads the key: the others wait for it.
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => IsAcceptedAsync(replica, newToken))), Assert.True);
        await AssertAcceptedAsync(replica, oldToken);
        await AssertAcceptedAsync(restarted, oldToken);
    }

    [Theory]
    [InlineData(null, "required outside Development")]
    [InlineData(IdentityKeyOptions.DevelopmentKeyEncryptionKey, "public key of Development")]
    [InlineData("dG9vIHNob3J0", "exactly 32 bytes")]
    public async Task Host_refuses_to_start_in_production_without_a_key_encryption_key_of_its_own(string? key, string reason)
    {
        await using var database = await postgres.CreateDatabaseAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var server = new ApiServer(
            database.ConnectionString, settings: [("environment", "Production"), ("Platform:Identity:KeyEncryptionKey", key ?? "")]);

        // Alone, or together with others who miss the key too.
        var refusal = Assert.ThrowsAny<Exception>(() => server.StartServer());
        Assert.True(refusal is OptionsValidationException or AggregateException, refusal.ToString());
        Assert.Contains(reason, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_has_neither_demo_clients_nor_users()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.SchemaOnly, TestContext.Current.CancellationToken);
        await SeedAsync(database, Environments.Production, OtherKey);
        Assert.Equal([0L], await ReadAsync<long>(database, "SELECT count(*) FROM platform.identity_application"));
        Assert.Equal([0L], await ReadAsync<long>(database, "SELECT count(*) FROM platform.identity_user"));
        Assert.Equal([2L], await ReadAsync<long>(database, "SELECT count(*) FROM platform.identity_key"));
    }

    [Fact]
    public async Task Demo_client_of_an_older_database_gets_the_scopes_that_came_later()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken);
        await ReadAsync<object>(database, """UPDATE platform.identity_application SET permissions = '["ept:token"]'""");
        await SeedAsync(database, Environments.Development);

        await using var server = new ApiServer(database.ConnectionString);
        using var client = server.CreateClient();
        await client.TokenAsync(Platform.Identity.ApiScopes.OrdersWrite);
    }

    private static async Task SeedAsync(TestDatabase database, string environment, string? keyEncryptionKey = null)
    {
        await using var services = PlatformTemplate.Services(database.ConnectionString, environment, keyEncryptionKey);
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IdentitySeed>().RunAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<bool> IsAcceptedAsync(ApiServer server, string token)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var response = await client.GetAsync("/api/v1/orders?limit=1", TestContext.Current.CancellationToken);
        return response.StatusCode is HttpStatusCode.OK;
    }

    private static async Task AssertAcceptedAsync(ApiServer server, string token) => Assert.True(await IsAcceptedAsync(server, token));

    private static string Base64Url(string text) => System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text));

    private static async Task<List<T>> ReadAsync<T>(TestDatabase database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }
}
