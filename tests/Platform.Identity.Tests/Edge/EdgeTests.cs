using Microsoft.Extensions.Options;
using Platform.Api.Tests.Support;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Edge;

/// <summary>Headers, cookies and origins.</summary>
[Collection(nameof(SharedHost))]
public sealed class EdgeTests(IdentityHost host)
{
    [Theory]
    [InlineData("/healthz", false)]
    [InlineData("/api/v1/orders", true)]
    [InlineData("/nowhere", true)]
    [InlineData("/account/login", false)]
    [InlineData("/connect/authorize", false)]
    [InlineData("/.well-known/openid-configuration", true)]
    [InlineData("/scalar", false)]
    public async Task Every_answer_makes_browsers_careful(string path, bool isData)
    {
        using var browser = host.Browser();
        var answer = await browser.GetAsync(path);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"), ("Permissions-Policy", "camera=()")])
        {
            // What speaks of documents is said to documents.
            Assert.Equal(!isData, answer.Headers.TryGetValue(name, out var said) && said.StartsWith(value, StringComparison.Ordinal));
        }

        Assert.Equal("DENY", answer.Headers["X-Frame-Options"]);
        Assert.StartsWith("default-src 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.False(answer.Headers.ContainsKey("Server"));
        Assert.False(answer.Headers.ContainsKey("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Development", false)]
    public async Task Browsers_are_told_to_come_by_tls_alone_outside_development(string environment, bool told)
    {
        // Another provider's tokens, so that no keys are needed that Development's database does not have.
        await using var server = new ApiServer(host.Database.ConnectionString, settings:
        [
            ("environment", environment),
            ("Platform:Identity:Provider", "External"),
            ("Platform:Audit:Key", Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))),
            ("Platform:TokenBinding:TrustedProxies:0", "127.0.0.0/8"),
        ]);
        server.StartServer();
        using var browser = new Browser(server);
        foreach (var scheme in (string[])["https", "http"])
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
            request.Headers.Add("X-Forwarded-For", "192.0.2.7");
            request.Headers.Add("X-Forwarded-Proto", scheme);
            var answer = await browser.SendAsync(request);
            Assert.Equal(
                told && scheme == "https" ? "max-age=31536000; includeSubDomains" : null, answer.Headers.GetValueOrDefault("Strict-Transport-Security"));
        }
    }

    [Fact]
    public async Task Cookies_are_for_this_host_alone_and_out_of_reach_of_scripts()
    {
        using var browser = host.Browser();
        await browser.SignInAsync("operator", "operator-password");
        Assert.Contains(browser.SetCookies, cookie => cookie.StartsWith("__Host-platform-session=", StringComparison.Ordinal));
        Assert.All(browser.SetCookies, cookie =>
        {
            Assert.StartsWith("__Host-platform-", cookie, StringComparison.Ordinal);
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; samesite=", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Cookie_of_one_replica_is_read_by_another_and_its_key_is_stored_sealed()
    {
        using var browser = host.Browser();
        await browser.SignInAsync("operator", "operator-password");
        await using var replica = new ApiServer(host.Database.ConnectionString);
        replica.StartServer();
        using var elsewhere = new Browser(replica);
        foreach (var (name, value) in browser.Cookies)
        {
            elsewhere.Cookies[name] = value;
        }

        Assert.Contains("Olivia Operator", (await elsewhere.GetAsync("/account")).Body, StringComparison.Ordinal);

        await using var connection = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand("SELECT sealed FROM platform.identity_cookie_key LIMIT 1", connection);
        var stored = (byte[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        Assert.True(stored.AsSpan().IndexOf("masterKey"u8) < 0 && stored.AsSpan().IndexOf("<key"u8) < 0);
    }

    [Fact]
    public async Task Scripts_of_configured_origins_may_call_and_no_others()
    {
        await using var server = new ApiServer(host.Database.ConnectionString, settings: ("Platform:Cors:Origins:0", "https://app.example.org"));
        server.StartServer();
        using var browser = new Browser(server);
        Assert.Equal("https://app.example.org", (await PreflightAsync(browser, "https://app.example.org")).Headers["Access-Control-Allow-Origin"]);
        Assert.False((await PreflightAsync(browser, "https://app.example.org.evil.example")).Headers.ContainsKey("Access-Control-Allow-Origin"));
        using var closed = host.Browser();
        Assert.False((await PreflightAsync(closed, "https://app.example.org")).Headers.ContainsKey("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("*", "true")]
    [InlineData("https://app.example.org/", "false")]
    [InlineData("https://*.example.org", "false")]
    [InlineData("app.example.org", "false")]
    public async Task Origins_that_are_too_wide_or_none_stop_the_start(string origin, string credentials)
    {
        await using var server = new ApiServer(
            host.Database.ConnectionString, settings: [("Platform:Cors:Origins:0", origin), ("Platform:Cors:AllowCredentials", credentials)]);
        Assert.Contains("Platform:Cors:Origins", Assert.ThrowsAny<OptionsValidationException>(() => server.StartServer()).Message, StringComparison.Ordinal);
    }

    private static Task<Browser.Answer> PreflightAsync(Browser browser, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/orders");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return browser.SendAsync(request);
    }
}
