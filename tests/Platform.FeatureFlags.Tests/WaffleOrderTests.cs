namespace Platform.FeatureFlags.Tests;

/// <summary>
/// The order of django-waffle 5's <c>is_active</c> (waffle/models.py): whatever two steps disagree, the earlier one wins.
/// </summary>
public sealed class WaffleOrderTests
{
    /// <summary>Everything that can decide, in waffle's order: its step, its answer, and how it is brought about.</summary>
    private static readonly (string Step, bool On, Action<WaffleScene> SetUp)[] Deciders =
    [
        ("override", true, scene => { scene.Options.WaffleOverride = true; scene.Request.QueryValues[WaffleScene.Name] = "1"; }),
        ("override", false, scene => { scene.Options.WaffleOverride = true; scene.Request.QueryValues[WaffleScene.Name] = "0"; }),
        ("everyone", true, scene => scene.Flag = scene.Flag with { Everyone = true }),
        ("everyone", false, scene => scene.Flag = scene.Flag with { Everyone = false }),
        ("test query", true, scene => { Testing(scene); scene.Request.QueryValues["dwft_new_dashboard"] = "1"; }),
        ("test query", false, scene => { Testing(scene); scene.Request.QueryValues["dwft_new_dashboard"] = "true"; }),
        ("test header", true, scene => { Testing(scene); scene.Request.Headers["dwft-new-dashboard"] = "1"; }),
        ("test header", false, scene => { Testing(scene); scene.Request.Headers["dwft-new-dashboard"] = "0"; }),
        ("test cookie", true, scene => { Testing(scene); scene.Request.CookieValues["dwft_new_dashboard"] = "True"; }),
        ("test cookie", false, scene => { Testing(scene); scene.Request.CookieValues["dwft_new_dashboard"] = "False"; }),
        ("language", true, scene => { scene.Flag = scene.Flag with { Languages = ["en", "pt-br"] }; scene.Language = "pt-br"; }),
        ("no user", false, scene => scene.HasPrincipal = false),
        ("authenticated", true, scene => { scene.Flag = scene.Flag with { Authenticated = true }; scene.IsAuthenticated = true; }),
        ("staff", true, scene => { scene.Flag = scene.Flag with { Staff = true }; scene.IsStaff = true; }),
        ("superuser", true, scene => { scene.Flag = scene.Flag with { Superusers = true }; scene.IsSuperuser = true; }),
        ("users", true, scene => { scene.Flag = scene.Flag with { Users = ["7", "8"] }; scene.UserId = "7"; }),
        ("groups", true, scene => { scene.Flag = scene.Flag with { Groups = ["beta"] }; scene.Groups = ["alpha", "beta"]; }),
        ("earlier in the request", true, scene => { Percent(scene); scene.Earlier(known => known.ThrowDice(true)); }),
        ("earlier in the request", false, scene => { Percent(scene); scene.Earlier(known => known.ThrowDice(false)); }),
        ("cookie", true, scene => { Percent(scene); scene.Request.CookieValues["dwf_new_dashboard"] = "True"; }),
        ("cookie", false, scene => { Percent(scene); scene.Request.CookieValues["dwf_new_dashboard"] = "False"; }),
        ("dice", true, scene => { Percent(scene); scene.Dice = new LoadedDice(0.255); }),
        ("dice", false, scene => { Percent(scene); scene.Dice = new LoadedDice(0.2551); }),
    ];

    public static TheoryData<int, int> Pairs()
    {
        var pairs = new TheoryData<int, int>();
        for (var earlier = 0; earlier < Deciders.Length; earlier++)
        {
            for (var later = earlier; later < Deciders.Length; later++)
            {
                if (later == earlier || Deciders[later].Step != Deciders[earlier].Step)
                {
                    pairs.Add(earlier, later);
                }
            }
        }

        return pairs;
    }

    [Fact]
    public void There_are_at_least_two_hundred_rows() => Assert.InRange(Pairs().Count, 200, int.MaxValue);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Earlier_step_wins(int earlier, int later)
    {
        var scene = new WaffleScene();
        Deciders[later].SetUp(scene);
        if (later != earlier)
        {
            Deciders[earlier].SetUp(scene);
        }

        Assert.True(scene.Ask().Enabled == Deciders[earlier].On, $"{Deciders[earlier].Step} against {Deciders[later].Step}");
    }

    [Fact]
    public void Flag_that_says_nothing_is_off() => Assert.Equal(FlagReason.NoMatch, new WaffleScene().Ask().Reason);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unknown_flag_has_the_default(bool on)
    {
        var snapshot = FlagSnapshot.Compile(FlagDocument.Empty, new FeatureFlagOptions { FlagDefault = on, SwitchDefault = on, SampleDefault = on });
        Assert.Equal(on, snapshot.IsEnabled("unknown", new FlagContext()));
        Assert.Equal(on, snapshot.IsSwitchOn("unknown"));
        Assert.Equal(on, snapshot.IsSampled("unknown"));
    }

    [Fact]
    public void Override_needs_its_setting()
    {
        var scene = new WaffleScene();
        scene.Request.QueryValues[WaffleScene.Name] = "1";
        Assert.False(scene.Ask().Enabled);
    }

    [Fact]
    public void Testing_needs_the_flags_own_switch()
    {
        var scene = new WaffleScene();
        scene.Request.QueryValues["dwft_new_dashboard"] = "1";
        scene.Request.CookieValues["dwft_new_dashboard"] = "True";
        Assert.False(scene.Ask().Enabled);
    }

    [Fact]
    public void Kill_switch_beats_everything()
    {
        var scene = new WaffleScene();
        foreach (var decider in Deciders.Where(decider => decider.On))
        {
            decider.SetUp(scene);
        }

        scene.Flag = scene.Flag with { Killed = true };
        Assert.Equal(FlagReason.Killed, scene.Ask().Reason);
    }

    private static void Testing(WaffleScene scene) => scene.Flag = scene.Flag with { Testing = true };

    private static void Percent(WaffleScene scene) => scene.Flag = scene.Flag with { Percent = 25.5m };
}
