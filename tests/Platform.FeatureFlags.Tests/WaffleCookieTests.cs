namespace Platform.FeatureFlags.Tests;

/// <summary>The cookies that waffle's middleware sets (waffle/middleware.py).</summary>
public sealed class WaffleCookieTests
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Theory]
    [InlineData(0.1, false, "True", true)]
    [InlineData(0.9, false, "False", true)]
    [InlineData(0.1, true, "True", true)]
    [InlineData(0.9, true, "False", false)]
    public void Dice_are_kept_in_a_secure_cookie_and_a_no_of_a_rollout_for_the_session_only(double dice, bool rollout, string value, bool month)
    {
        var scene = Scene(dice);
        scene.Flag = scene.Flag with { Rollout = rollout };
        scene.Ask();
        Assert.Equal([new FlagCookie("dwf_new_dashboard", value, month ? Month : null, Secure: true)], scene.Visit!.Cookies(scene.Options));
    }

    [Fact]
    public void Dice_are_thrown_once_in_a_request()
    {
        var scene = Scene(0.1);
        Assert.True(scene.Ask().Enabled);
        scene.Dice = new LoadedDice(0.9);
        Assert.True(scene.Ask().Enabled);
        Assert.Equal(0, scene.Dice.Throws);
    }

    [Fact]
    public void Cookie_is_renewed_when_it_decides()
    {
        var scene = Scene(0.9);
        scene.Request.CookieValues["dwf_new_dashboard"] = "True";
        Assert.True(scene.Ask().Enabled);
        Assert.Equal([new FlagCookie("dwf_new_dashboard", "True", Month, Secure: true)], scene.Visit!.Cookies(scene.Options));
    }

    [Fact]
    public void Raising_the_percentage_does_not_move_who_holds_a_no()
    {
        var scene = Scene(0.0);
        scene.Flag = scene.Flag with { Percent = 99.9m };
        scene.Request.CookieValues["dwf_new_dashboard"] = "False";
        Assert.False(scene.Ask().Enabled);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("True", true)]
    [InlineData("False", false)]
    public void Read_only_looks_and_sets_nothing(string? cookie, bool on)
    {
        var scene = Scene(0.0);
        scene.ReadOnly = true;
        if (cookie is not null)
        {
            scene.Request.CookieValues["dwf_new_dashboard"] = cookie;
        }

        Assert.Equal(on, scene.Ask().Enabled);
        Assert.Empty(scene.Visit!.Cookies(scene.Options));
    }

    [Theory]
    [InlineData("1", "True")]
    [InlineData("0", "False")]
    public void Test_answer_is_kept_in_a_session_cookie(string query, string value)
    {
        var scene = new WaffleScene();
        scene.Flag = scene.Flag with { Testing = true };
        scene.Request.QueryValues["dwft_new_dashboard"] = query;
        scene.Ask();
        Assert.Equal([new FlagCookie("dwft_new_dashboard", value, MaxAge: null, Secure: false)], scene.Visit!.Cookies(scene.Options));
    }

    [Fact]
    public void No_cookie_without_dice()
    {
        var scene = Scene(0.1);
        scene.Flag = scene.Flag with { Everyone = true };
        scene.Ask();
        Assert.Empty(scene.Visit!.Cookies(scene.Options));
    }

    [Fact]
    public void Names_of_cookies_are_settings()
    {
        var scene = Scene(0.1);
        scene.Options.CookieFormat = "flag-%s";
        scene.Options.CookieSecure = false;
        scene.Options.CookieMaxAge = TimeSpan.FromHours(1);
        scene.Ask();
        Assert.Equal([new FlagCookie("flag-new_dashboard", "True", TimeSpan.FromHours(1), Secure: false)], scene.Visit!.Cookies(scene.Options));
    }

    [Theory]
    [InlineData(0.0, 0.0, true)]
    [InlineData(0.0, 0.001, false)]
    [InlineData(50, 0.5, true)]
    [InlineData(50, 0.50001, false)]
    [InlineData(100, 0.999999, true)]
    public void Sample_is_drawn_at_each_question(decimal percent, double dice, bool on)
    {
        var random = new LoadedDice(dice);
        var snapshot = FlagSnapshot.Compile(new FlagDocument { Samples = [new SampleDefinition { Name = "slow-log", Percent = percent }] }, random: random);
        Assert.Equal(on, snapshot.IsSampled("slow-log"));
        Assert.Equal(on, snapshot.IsSampled("slow-log"));
        Assert.Equal(2, random.Throws);
    }

    private static WaffleScene Scene(double dice)
    {
        var scene = new WaffleScene { Dice = new LoadedDice(dice) };
        scene.Flag = scene.Flag with { Percent = 50 };
        return scene;
    }
}
