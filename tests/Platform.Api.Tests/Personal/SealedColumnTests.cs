using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Domain;
using Platform.Domain.Customers;
using Platform.Domain.Paging;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Redaction;
using Platform.Errors;
using Platform.Testing;

namespace Platform.Api.Tests.Personal;

/// <summary>With a key the addresses of customers are unreadable in the database, and are found and held unique all the same.</summary>
public sealed class SealedColumnTests(PostgresFixture postgres)
{
    private static readonly string Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_is_sealed_at_rest_found_whatever_its_case_and_unique()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, Stop);
        await using var before = Services(database, null);
        var old = await RegisterAsync(before, "written.before@example.com");
        await using var services = Services(database, Key);

        var id = await RegisterAsync(services, "Sealed.One@example.com");

        var stored = await StoredAsync(database, id);
        Assert.StartsWith("sealed1:", stored, StringComparison.Ordinal);
        Assert.Equal("Sealed.One@example.com", (await FindAsync(services, "sealed.one@EXAMPLE.com")).Email);
        Assert.Equal(old, (await FindAsync(services, "written.before@example.com")).Id);
        var taken = await Assert.ThrowsAsync<ErrorException>(() => RegisterAsync(services, "SEALED.ONE@example.com"));
        Assert.Equal(ErrorCode.ResourceAlreadyExists, taken.Code);

        // Written again the same value looks otherwise.
        await using (var scope = services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<UpdateCustomer>().HandleAsync(id, new CustomerDetails("Other", "sealed.two@example.com"), cancellationToken: Stop);
        }

        Assert.NotEqual(stored, await StoredAsync(database, id));
        await Assert.ThrowsAsync<InvalidOperationException>(() => FindAsync(services, "sealed.one@example.com"));
        Assert.Equal(id, (await FindAsync(services, "sealed.two@example.com")).Id);
    }

    [Fact]
    public async Task A_rotated_key_reads_and_finds_what_the_one_before_wrote_and_another_key_does_not()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, Stop);
        await using var before = Services(database, Key);
        var id = await RegisterAsync(before, "rotated@example.com");
        var next = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        await using var after = Services(database, next, Key);
        Assert.Equal(id, (await FindAsync(after, "rotated@example.com")).Id);

        await using var other = Services(database, next);
        await using var scope = other.CreateAsyncScope();
        await Assert.ThrowsAnyAsync<CryptographicException>(() => scope.ServiceProvider.GetRequiredService<CustomerQueries>().FindAsync(id, Stop));
    }

    [Fact]
    public async Task What_was_written_before_is_sealed_and_sealed_anew_under_a_new_key_which_needs_no_other_then()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, Stop);
        await using var before = Services(database, null);
        var id = await RegisterAsync(before, "written.before@example.com");
        Assert.Empty(await SealAsync(before));

        await using var services = Services(database, Key);
        var count = Assert.Single(await SealAsync(services)).Value;
        Assert.True(count > 1, $"{count} were sealed.");
        Assert.StartsWith("sealed1:", await StoredAsync(database, id), StringComparison.Ordinal);
        Assert.Equal(id, (await FindAsync(services, "Written.Before@example.com")).Id);
        Assert.Equal(0, Assert.Single(await SealAsync(services)).Value);

        var next = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using (var rotated = Services(database, next, Key))
        {
            Assert.Equal(count, Assert.Single(await SealAsync(rotated)).Value);
        }

        await using var alone = Services(database, next);
        Assert.Equal(id, (await FindAsync(alone, "written.before@example.com")).Id);
    }

    [Fact]
    public void Every_flipped_bit_and_another_column_are_refused()
    {
        var seal = new ColumnSeal(RandomNumberGenerator.GetBytes(32));
        var stored = seal.Seal("jane.doe@example.com", "Customer.Email");
        Assert.Equal("jane.doe@example.com", seal.Open(stored, "Customer.Email"));
        Assert.Throws<AuthenticationTagMismatchException>(() => seal.Open(stored, "Customer.Name"));

        var box = System.Buffers.Text.Base64Url.DecodeFromChars(stored.AsSpan("sealed1:".Length));
        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            box[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsAny<CryptographicException>(() => seal.Open("sealed1:" + System.Buffers.Text.Base64Url.EncodeToString(box), "Customer.Email"));
            box[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static ServiceProvider Services(TestDatabase database, string? key, string? previous = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Platform:Redaction:Columns:Key"] = key,
            ["Platform:Redaction:Columns:PreviousKeys:0"] = previous,
            ["Platform:Audit:Key"] = Convert.ToBase64String(new byte[32]),
        }.Where(setting => setting.Value is not null)).Build());
        services.AddLogging();
        services.AddDbContext<PlatformDbContext>(options =>
        {
            options.UseNpgsql(database.ConnectionString);
            options.UsePlatformConventions();
        });
        services.AddDomain();
        return services.BuildServiceProvider();
    }

    private static async Task<IReadOnlyDictionary<string, int>> SealAsync(ServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IColumnSealing>().SealAsync(Stop);
    }

    private static async Task<CustomerId> RegisterAsync(ServiceProvider services, string email)
    {
        await using var scope = services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<RegisterCustomer>().HandleAsync(new CustomerDetails("Somebody", email), Stop)).Id;
    }

    private static async Task<Customer> FindAsync(ServiceProvider services, string email)
    {
        await using var scope = services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<CustomerQueries>().ListAsync(new PageRequest(10), new CustomerFilter(email), Stop)).Items.Single();
    }

    private static async Task<string> StoredAsync(TestDatabase database, CustomerId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("SELECT email FROM commerce.customers WHERE id = $1", connection) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = id.Value } } };
        return (string)(await command.ExecuteScalarAsync(Stop))!;
    }
}
