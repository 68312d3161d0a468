using System.Text.Json;

namespace Platform.FeatureFlags.Tests;

public sealed class LiveFlagsTests
{
    private static readonly Flag<bool> NewDashboard = Flag.Declare("new_dashboard");
    private static readonly Flag<int> PageSize = Flag.Declare("page_size", fallback: 20);
    private static readonly Flag<Theme> Colours = Flag.Declare("colours", new Theme("blue"));
    private readonly LiveFlags _flags = new(Make.Snapshot(new FlagDefinition { Name = "new_dashboard", Users = ["ann"] }));

    [Fact]
    public void Declared_flag_answers_as_its_name_does()
    {
        Assert.True(_flags.IsEnabled(NewDashboard, Make.User("ann")));
        Assert.False(_flags.IsEnabled(NewDashboard, Make.User("bob")));
        Assert.True(_flags.Value(NewDashboard, Make.User("ann")));
        Assert.Contains("new_dashboard", Flag.Declared);
    }

    [Fact]
    public void Declared_flag_follows_snapshots_of_several_sources()
    {
        var other = new LiveFlags(Make.Snapshot(new FlagDefinition { Name = "new_dashboard", Everyone = false }));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(_flags.IsEnabled(NewDashboard, Make.User("ann")));
            Assert.False(other.IsEnabled(NewDashboard, Make.User("ann")));
        }

        Assert.True(other.Publish(Make.Snapshot(new FlagDefinition { Name = "new_dashboard", Everyone = true })));
        Assert.True(other.IsEnabled(NewDashboard, Make.User("ann")));
        Assert.True(other.Publish(Make.Snapshot()));
        Assert.False(other.IsEnabled(NewDashboard, Make.User("ann")));
    }

    [Fact]
    public void Older_snapshot_is_never_served_after_a_newer_one()
    {
        FlagSnapshot Version(long version) => FlagSnapshot.Compile(Make.Document(new FlagDefinition { Name = "v", Everyone = version == 2 }), version: version);
        Assert.True(_flags.Publish(Version(2)));
        Assert.False(_flags.Publish(Version(1)));
        Assert.Equal(2, _flags.Snapshot.Version);
        Assert.True(_flags.IsEnabled("v", new FlagContext()));
    }

    [Fact]
    public void Value_is_the_variants_or_the_fallback()
    {
        FlagDefinition Flag(string name, string json) => new()
        {
            Name = name,
            Users = ["ann"],
            Variants = [new VariantDefinition { Name = "v", Weight = 100, Value = JsonDocument.Parse(json).RootElement }],
        };
        _flags.Publish(Make.Snapshot(Flag("page_size", "50"), Flag("colours", """{"accent":"red"}""")));
        Assert.Equal(50, _flags.Value(PageSize, Make.User("ann")));
        Assert.Equal(20, _flags.Value(PageSize, Make.User("bob")));
        Assert.Equal(new Theme("red"), _flags.Value(Colours, Make.User("ann")));
        _flags.Publish(Make.Snapshot(Flag("page_size", "\"many\"")));
        Assert.Equal(20, _flags.Value(PageSize, Make.User("ann")));
        Assert.Equal(new Theme("blue"), _flags.Value(Colours, Make.User("ann")));
    }

    [Fact]
    public void Override_lasts_until_it_is_disposed_of_and_the_innermost_wins()
    {
        using (_flags.Override("new_dashboard", true))
        {
            Assert.True(_flags.IsEnabled("new_dashboard", new FlagContext()));
            Assert.True(_flags.IsEnabled(NewDashboard, new FlagContext()));
            Assert.Equal(FlagReason.Overridden, _flags.Evaluate("new_dashboard", new FlagContext()).Reason);
            Assert.Equal(FlagReason.Overridden, _flags.Explain("new_dashboard", new FlagContext()).Reason);
            using (_flags.Override("new_dashboard", false))
            {
                Assert.False(_flags.IsEnabled("new_dashboard", new FlagContext()));
            }

            Assert.True(_flags.IsEnabled("new_dashboard", new FlagContext()));
        }

        Assert.False(_flags.IsEnabled("new_dashboard", new FlagContext()));
    }

    [Fact]
    public void Overrides_are_disposed_of_in_any_order()
    {
        var outer = _flags.Override("new_dashboard", true);
        var inner = _flags.Override("new_dashboard", false);
        outer.Dispose();
        Assert.False(_flags.IsEnabled("new_dashboard", Make.User("ann")));
        inner.Dispose();
        inner.Dispose();
        Assert.True(_flags.IsEnabled("new_dashboard", Make.User("ann")));
    }

    [Fact]
    public async Task Override_flows_into_what_is_awaited_and_not_into_what_runs_beside()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var barrier = new SemaphoreSlim(0);
        var beside = Task.Run(
            async () =>
            {
                await barrier.WaitAsync(cancellation);
                return _flags.IsEnabled("new_dashboard", new FlagContext());
            },
            cancellation);
        using var scope = _flags.Override("new_dashboard", true);
        Assert.True(await Task.Run(() => _flags.IsEnabled("new_dashboard", new FlagContext()), cancellation));
        await Task.Yield();
        Assert.True(_flags.IsEnabled("new_dashboard", new FlagContext()));
        barrier.Release();
        Assert.False(await beside);
    }

    [Fact]
    public void Values_switches_and_samples_are_overridden_too()
    {
        using var value = _flags.Override(PageSize, 99);
        using var signup = _flags.OverrideSwitch("signup", true);
        using var slow = _flags.OverrideSample("slow-log", true);
        Assert.Equal(99, _flags.Value(PageSize, new FlagContext()));
        Assert.True(_flags.IsSwitchOn("signup"));
        Assert.True(_flags.IsSampled("slow-log"));
        Assert.False(_flags.IsSwitchOn("slow-log"));
    }

    [Fact]
    public void Explanation_says_which_rule_decided()
    {
        var explanation = _flags.Explain("new_dashboard", Make.User("ann"));
        Assert.Equal(new FlagExplanation("new_dashboard", FlagOrigin.Own, true, null, FlagReason.User, "The caller is one of the users.", 0), explanation);
        Assert.Equal(FlagReason.Unknown, _flags.Explain("nobody", Make.User("ann")).Reason);
    }

    [Fact]
    public void Every_case_of_the_other_systems_can_be_explained()
    {
        foreach (var (format, folder, pattern) in new[] { (FlagFormat.Microsoft, "microsoft", "*.sample.json"), (FlagFormat.Unleash, "unleash", "*.json") })
        {
            foreach (var file in Cases.CaseFiles.In(folder, pattern))
            {
                using var json = JsonDocument.Parse(File.ReadAllBytes(file));
                var state = format == FlagFormat.Unleash ? json.RootElement.GetProperty("state") : json.RootElement;
                var snapshot = FlagSnapshot.Compile(FlagFormats.Import(format, JsonSerializer.SerializeToUtf8Bytes(state)).Document);
                foreach (var flag in snapshot.Document.Flags)
                {
                    var explanation = snapshot.Explain(flag.Name, Make.User("ann"));
                    Assert.Equal(snapshot.IsEnabled(flag.Name, Make.User("ann")), explanation.Enabled);
                    Assert.NotEmpty(explanation.Detail);
                }
            }
        }
    }

    [Fact]
    public void Questions_allocate_nothing()
    {
        var file = RandomMicrosoftFlags.File(new Random(1), 50, TimeProvider.System.GetUtcNow());
        var own = new FlagDefinition
        {
            Name = "own",
            Users = ["x"],
            Groups = ["y"],
            Exclusion = new ExclusionDefinition { Users = ["z"] },
            Rules =
            [
                new RuleDefinition { Constraints = [new ConstraintDefinition { Field = "country", Operator = "IN", Values = ["no"] }] },
                new RuleDefinition { Constraints = [new ConstraintDefinition { Field = "version", Operator = "SEMVER_GT", Value = "1.2.3" }], Percent = 1 },
                new RuleDefinition { Constraints = [new ConstraintDefinition { Field = "remoteAddress", Operator = "IN_CIDR", Values = ["10.0.0.0/8"] }], Percent = 1 },
            ],
            Percent = 50,
            Variants = [new VariantDefinition { Name = "v", Weight = 50 }],
        };
        var flags = new LiveFlags(FlagSnapshot.Compile(new FlagDocument { Flags = [own, .. FlagFormats.Import(FlagFormat.Microsoft, file).Document.Flags] }));
        var context = new FlagContext
        {
            UserId = "user-17",
            Groups = ["group-1", "group-7"],
            RemoteAddress = "10.1.2.3",
            Properties = new Dictionary<string, string> { ["country"] = "de", ["version"] = "2.0.0-rc.1" },
        };
        var names = flags.Snapshot.Document.Flags.Select(flag => flag.Name).ToArray();
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Ask()
        {
            foreach (var name in names)
            {
                flags.IsEnabled(name, context);
                flags.Evaluate(name, context);
            }

            flags.IsEnabled(NewDashboard, context);
            flags.IsSwitchOn("unknown");
            flags.IsSampled("unknown");
        }
    }

    private sealed record Theme(string Accent);
}
