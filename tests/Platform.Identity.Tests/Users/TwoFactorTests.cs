using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Users;

/// <summary>One-time passwords and recovery codes, from setting them up to signing in.</summary>
public sealed partial class TwoFactorTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    // RFC 6238, appendix B: the key of SHA-1, the last six of its eight digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Passwords_are_those_of_the_specification(long time, string password)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(time);
        Assert.Equal(password, Totp.At("12345678901234567890"u8, Totp.StepOf(at)));
        Assert.Equal(Totp.StepOf(at), Totp.Match("12345678901234567890"u8, $"{password[..3]} {password[3..]}", at));
        Assert.Null(Totp.Match("12345678901234567890"u8, password, at.AddSeconds(90)));
    }

    [Fact]
    public async Task Second_factor_is_asked_for_once_set_up_and_each_code_works_once()
    {
        using var browser = host.Browser();
        await browser.SignInAsync("customer", "customer-password");
        var page = await browser.GetAsync("/account/two-factor");
        var key = FromBase32(KeyText().Match(page.Body).Groups[1].Value);
        var step = Totp.StepOf(TimeProvider.System.GetUtcNow());
        var codes = RecoveryCode().Matches((await browser.SubmitAsync(page, ("code", Totp.At(key, step)))).Body).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(10, codes.Length);

        using var another = host.Browser();
        var asked = await another.GetAsync((await another.SignInAsync("customer", "customer-password")).Refresh!);
        Assert.DoesNotContain("platform-session", another.Cookies.Keys);

        // The password that set it up was seen on the way, and is of no use any more.
        Assert.Null((await another.SubmitAsync(asked, ("code", Totp.At(key, step)))).Refresh);
        Assert.NotNull((await another.SubmitAsync(asked, ("code", Totp.At(key, step + 1)))).Refresh);

        using var third = host.Browser();
        asked = await third.GetAsync((await third.SignInAsync("customer", "customer-password")).Refresh!);
        Assert.NotNull((await third.SubmitAsync(asked, ("code", codes[0].ToLowerInvariant()))).Refresh);
        using var fourth = host.Browser();
        asked = await fourth.GetAsync((await fourth.SignInAsync("customer", "customer-password")).Refresh!);
        Assert.Null((await fourth.SubmitAsync(asked, ("code", codes[0]))).Refresh);

        // How the user signed in is in the tokens (RFC 8176).
        var flow = host.Flow;
        var answer = await third.GetAsync(flow.Url());
        var (_, tokens) = await flow.RedeemAsync(answer.Parameter("code")!);
        var methods = new JsonWebToken(tokens["access_token"]!.GetValue<string>()).Claims.Where(claim => claim.Type == "amr").Select(claim => claim.Value);
        Assert.Equal(["pwd", "otp", "mfa"], methods);
    }

    [Fact]
    public async Task Key_is_stored_sealed_and_recovery_codes_hashed()
    {
        await host.WithAsync<UserAccounts, string?>(users => users.AddAsync(new NewUser("sealed") { Roles = ["customer"] }, "correct horse battery"));
        var key = await host.WithAsync<UserSignIn, byte[]>(async signIn => await signIn.BeginTwoFactorAsync(
            (await host.WithAsync<UserAccounts, User?>(users => users.FindByNameAsync("sealed")))!, TestContext.Current.CancellationToken));
        await using var connection = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand("SELECT sealed_one_time_key FROM platform.identity_user WHERE user_name = 'sealed'", connection);
        var stored = (byte[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        Assert.True(stored.AsSpan().IndexOf(key) < 0);
    }

    private static byte[] FromBase32(string text)
    {
        var (bytes, buffer, bits) = (new List<byte>(), 0, 0);
        foreach (var c in text.Where(char.IsAsciiLetterOrDigit))
        {
            (buffer, bits) = ((buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), bits + 5);
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex("""<code class="key">([A-Z2-7 ]+)</code>""")]
    private static partial Regex KeyText();

    [GeneratedRegex("<li><code>([0-9A-Z-]+)</code></li>")]
    private static partial Regex RecoveryCode();
}
