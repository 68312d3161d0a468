using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Platform.FeatureFlags;
using Platform.FlagServing.Tests.Support;
using Platform.ServiceDefaults.FeatureFlags.Gates;

namespace Platform.FlagServing.Tests.Gates;

public sealed class CallerTests
{
    private static readonly Dictionary<string, string?> Signed = new()
    {
        ["Platform:FeatureFlags:SigningKey"] = "c2lnbmluZy1rZXktb2YtdGhlLXRlc3RzLTMyLWJ5dGVzLi4u",
    };

    private static Task<FlagHost> StartAsync(Dictionary<string, string?>? settings = null) => FlagHost.StartAsync(
        app =>
        {
            app.MapGet("/half", (HttpContext http, IFeatureFlags flags) => flags.IsEnabled("half", http.GetFlagContext()) ? "on" : "off");
            app.MapGet("/testing", (HttpContext http, IFeatureFlags flags) => flags.IsEnabled("testing", http.GetFlagContext()) ? "on" : "off");
            app.MapGet("/silent", () => "");
        },
        settings: settings ?? Signed);

    private static FlagHost Publish(FlagHost host) => host.With(
        new FlagDefinition { Name = "half", Percent = 50 },
        new FlagDefinition { Name = "testing", Testing = true });

    [Fact]
    public async Task Visitor_keeps_the_answer_by_a_signed_cookie_that_every_replica_reads()
    {
        await using var first = Publish(await StartAsync());
        await using var second = Publish(await StartAsync());
        HashSet<string> answers = [];
        for (var i = 0; i < 30; i++)
        {
            using var response = await first.GetAsync("/half");
            var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
            Assert.Matches("^platform_visitor=[0-9a-f]{32}\\.[A-Za-z0-9_-]{22}; max-age=34560000; path=/; secure; samesite=lax; httponly$", cookie);

            using var again = await second.GetAsync("/half", cookie: cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]);
            Assert.Equal(answer, await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.False(again.Headers.Contains("Set-Cookie"));
            answers.Add(answer);
        }

        Assert.Equal(["off", "on"], answers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Cookie_that_somebody_changed_is_replaced()
    {
        await using var host = Publish(await StartAsync());
        using var response = await host.GetAsync("/half", cookie: "platform_visitor=01900000000070008000000000000001.AAAAAAAAAAAAAAAAAAAAAA");
        Assert.Single(response.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task No_cookie_where_no_flag_is_asked_or_the_caller_has_signed_in()
    {
        await using var host = Publish(await StartAsync());
        using var silent = await host.GetAsync("/silent");
        Assert.False(silent.Headers.Contains("Set-Cookie"));
        using var user = await host.GetAsync("/half", user: "ann");
        Assert.False(user.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Testing_override_counts_for_those_who_may_test_and_is_kept_for_their_session()
    {
        await using var host = Publish(await StartAsync());
        Assert.Equal("off", await host.TextAsync("/testing?dwft_testing=1"));
        Assert.Equal("off", await host.TextAsync("/testing?dwft_testing=1", user: "ann"));
        Assert.Equal("on", await host.TextAsync("/testing?dwft_testing=1", user: "ann", roles: "operator"));
        using var tested = await host.GetAsync("/testing?dwft_testing=1", user: "ann", roles: "tester");
        Assert.Equal("on", await tested.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("dwft_testing=True; path=/", Assert.Single(tested.Headers.GetValues("Set-Cookie")));
        Assert.Equal("on", await host.TextAsync("/testing", user: "ann", roles: "tester", cookie: "dwft_testing=True"));
        Assert.Equal("off", await host.TextAsync("/testing", user: "ann", cookie: "dwft_testing=True"));
    }

    [Fact]
    public async Task Key_that_is_too_short_stops_the_start()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(new() { ["Platform:FeatureFlags:SigningKey"] = "c2hvcnQ=" }));
        Assert.Contains("SigningKey", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_of_the_token_count()
    {
        await using var host = await StartAsync();
        host.With(new FlagDefinition { Name = "half", Staff = true }, new FlagDefinition { Name = "testing", Roles = ["beta"] });
        Assert.Equal("on", await host.TextAsync("/half", user: "ann", roles: "staff"));
        Assert.Equal("off", await host.TextAsync("/half", user: "ann", roles: "beta"));
        Assert.Equal("on", await host.TextAsync("/testing", user: "ann", roles: "beta"));
        Assert.Equal("off", await host.TextAsync("/testing"));
    }
}
