using System.Net;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Attacks;

/// <summary>Somebody guesses passwords and codes.</summary>
public sealed class PasswordGuessTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Guesses_lock_the_account_until_somebody_unlocks_it()
    {
        using var browser = host.Browser();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.SignInAsync("staff", $"guess number {i}")).Status);
        }

        Assert.Null((await browser.SignInAsync("staff", "staff-password")).Refresh);
        await host.WithAsync<UserAccounts, bool>(async users =>
        {
            await users.UnlockAsync((await users.FindByNameAsync("staff"))!, TestContext.Current.CancellationToken);
            return true;
        });
        Assert.NotNull((await browser.SignInAsync("staff", "staff-password")).Refresh);
    }

    [Fact]
    public async Task Guesses_that_come_at_once_get_no_further_than_those_in_a_row()
    {
        await host.WithAsync<UserAccounts, string?>(users => users.AddAsync(new NewUser("target") { Roles = ["customer"] }, "correct horse battery"));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => host.WithAsync<UserSignIn, SignInOutcome>(
            signIn => signIn.CheckPasswordAsync("target", $"guess number {i}", TestContext.Current.CancellationToken))));
        var outcome = await host.WithAsync<UserSignIn, SignInOutcome>(
            signIn => signIn.CheckPasswordAsync("target", "correct horse battery", TestContext.Current.CancellationToken));
        Assert.Null(outcome.User);
        var user = await host.WithAsync<UserAccounts, User?>(users => users.FindByNameAsync("target"));
        Assert.Equal(5, user!.FailedAttempts);
    }

    [Fact]
    public async Task Form_of_another_site_is_refused()
    {
        using var browser = host.Browser();
        var page = await browser.GetAsync("/account/login");
        var (action, fields) = page.Form();
        fields["name"] = "operator";
        fields["password"] = "operator-password";
        browser.Cookies.Clear();
        var answer = await browser.PostAsync(action, fields);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain(browser.Cookies.Keys, name => name.Contains("session", StringComparison.Ordinal));
    }
}
