using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Testing;

namespace Platform.Secrets.Tests.Envelope;

/// <summary>Keys of Azure Key Vault, over its own client and HTTP.</summary>
public sealed class KeyVaultTests
{
    private static readonly Guid Version = new("019b7892-79c0-7000-8002-000000000019");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Newest_version_seals_and_the_ones_before_it_open_until_they_are_disabled()
    {
        await using var vault = await VaultStandIn.StartAsync();
        var first = vault.Add(NewKey());
        await using var host = Host(vault);
        var envelope = host.GetRequiredService<SecretEnvelope>();
        var old = await envelope.SealAsync("database", Version, "first"u8.ToArray(), Cancel);

        // A further one that is disabled, and one that has not begun.
        vault.Add(NewKey());
        vault.Add("not a key", enabled: false);
        vault.Add("nor this", notBefore: TimeProvider.System.GetUtcNow().AddDays(1));
        await Eventually.BecomesTrueAsync(async () => (await envelope.SealAsync("database", Version, "second"u8.ToArray(), Cancel)).KeyId != old.KeyId);
        Assert.Equal("first"u8.ToArray(), await envelope.OpenAsync("database", Version, old, Cancel));

        var rewrapped = await envelope.RewrapAsync("database", Version, old, Cancel);
        Assert.NotNull(rewrapped);
        vault.Disable(first);
        await Eventually.BecomesTrueAsync(async () => await FailsAsync(envelope, old));
        Assert.Equal("first"u8.ToArray(), await envelope.OpenAsync("database", Version, rewrapped, Cancel));
    }

    [Fact]
    public async Task Key_that_another_host_met_first_is_fetched_at_once_and_none_is_read_twice()
    {
        await using var vault = await VaultStandIn.StartAsync();
        vault.Add(NewKey());
        await using var host = Host(vault, refresh: "1.00:00:00");
        var envelope = host.GetRequiredService<SecretEnvelope>();
        await envelope.SealAsync("database", Version, "value"u8.ToArray(), Cancel);

        vault.Add(NewKey());
        await using var other = Host(vault);
        var secret = await other.GetRequiredService<SecretEnvelope>().SealAsync("database", Version, "value"u8.ToArray(), Cancel);

        var reads = vault.Reads;
        await Eventually.BecomesTrueAsync(async () => !await FailsAsync(envelope, secret));
        Assert.Equal(reads + 1, vault.Reads);
    }

    [Fact]
    public async Task Vault_that_is_away_holds_up_new_hosts_alone()
    {
        await using var vault = await VaultStandIn.StartAsync();
        vault.Add(NewKey());
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = Host(vault, time: time);
        var envelope = host.GetRequiredService<SecretEnvelope>();
        var secret = await envelope.SealAsync("database", Version, "value"u8.ToArray(), Cancel);

        vault.Away = true;
        await using var started = Host(vault);
        var refusal = await Assert.ThrowsAsync<CryptographicException>(
            async () => await started.GetRequiredService<SecretEnvelope>().SealAsync("database", Version, "value"u8.ToArray(), Cancel));
        Assert.Contains("503", refusal.Message, StringComparison.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            // Past the time that keys are used without asking.
            Assert.Equal("value"u8.ToArray(), await envelope.OpenAsync("database", Version, secret, Cancel));
            time.Advance(TimeSpan.FromMilliseconds(75));
        }

        vault.Away = false;
        Assert.Equal("value"u8.ToArray(), await started.GetRequiredService<SecretEnvelope>().OpenAsync("database", Version, secret, Cancel));
    }

    [Fact]
    public async Task What_is_no_key_is_named_and_never_told()
    {
        await using var vault = await VaultStandIn.StartAsync();
        await using var empty = Host(vault);
        Assert.Contains("no version that is enabled", (await RefusedAsync(empty)).Message, StringComparison.Ordinal);

        var version = vault.Add("c2hvcnQgYW5kIHNlY3JldA==");
        await using var host = Host(vault);
        var refusal = await RefusedAsync(host);
        Assert.Contains(version, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQg", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://vault.example.com", "platform-key")]
    [InlineData("https://vault.example.com", "not a name")]
    public void Wrong_configuration_stops_the_start(string address, string name)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Platform:Secrets:KeyVault:Address", address), new("Platform:Secrets:KeyVault:SecretName", name)]);
        builder.AddKeyVaultKeys();
        using var host = builder.Build();
        Assert.Throws<OptionsValidationException>(host.Start);
    }

    private static ServiceProvider Host(VaultStandIn vault, string refresh = "00:00:01", TimeProvider? time = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Platform:Secrets:KeyVault:Address", vault.Address.AbsoluteUri), new("Platform:Secrets:KeyVault:RefreshInterval", refresh)]);
        builder.Services.AddLogging();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IConfiguration>(builder.Configuration);
        builder.Services.AddSingleton(vault.CreateClient());
        builder.AddKeyVaultKeys();
        builder.Services.AddSecrets();
        return builder.Services.BuildServiceProvider();
    }

    private static async Task<bool> FailsAsync(SecretEnvelope envelope, SealedSecret secret)
    {
        try
        {
            await envelope.OpenAsync("database", Version, secret, Cancel);
            return false;
        }
        catch (CryptographicException)
        {
            return true;
        }
    }

    private static async Task<CryptographicException> RefusedAsync(ServiceProvider host) => await Assert.ThrowsAsync<CryptographicException>(
        async () => await host.GetRequiredService<SecretEnvelope>().CurrentKeyIdAsync(Cancel));

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
