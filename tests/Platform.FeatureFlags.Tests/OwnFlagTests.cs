namespace Platform.FeatureFlags.Tests;

public sealed class OwnFlagTests
{
    private const string Name = "checkout";

    private static readonly FlagDefinition Everything = new()
    {
        Name = Name,
        Users = ["ann"],
        Groups = ["beta"],
        Roles = ["admin"],
        Languages = ["pt-br"],
        Authenticated = true,
        Staff = true,
        Superusers = true,
        Percent = 100,
    };

    [Fact]
    public void Flag_that_says_nothing_is_off() => Assert.Equal((false, FlagReason.NoMatch), Decide(new FlagDefinition { Name = Name }, new FlagContext()));

    public static TheoryData<FlagReason> Audiences() => [FlagReason.User, FlagReason.Group, FlagReason.Role, FlagReason.Authenticated, FlagReason.Staff, FlagReason.Superuser, FlagReason.Language, FlagReason.Percent];

    [Theory]
    [MemberData(nameof(Audiences))]
    public void Each_audience_turns_it_on(FlagReason reason)
    {
        var context = reason switch
        {
            FlagReason.User => new FlagContext { UserId = "ann" },
            FlagReason.Group => new FlagContext { Groups = ["gamma", "beta"] },
            FlagReason.Role => new FlagContext { Roles = ["admin"] },
            FlagReason.Authenticated => new FlagContext { IsAuthenticated = true },
            FlagReason.Staff => new FlagContext { IsStaff = true },
            FlagReason.Superuser => new FlagContext { IsSuperuser = true },
            FlagReason.Language => new FlagContext { Language = "pt-br" },
            _ => new FlagContext { VisitorId = "visitor" },
        };
        Assert.Equal((true, reason), Decide(Everything, context));
    }

    [Fact]
    public void Users_are_known_by_id_and_by_name() =>
        Assert.Equal((true, FlagReason.User), Decide(Everything, new FlagContext { UserId = "7", UserName = "ann" }));

    [Fact]
    public void Steps_come_in_the_documented_order()
    {
        var window = new TimeWindowDefinition { End = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var exclusion = new ExclusionDefinition { Users = ["ann"] };
        var prerequisite = new PrerequisiteDefinition { Flag = "parent" };
        var caller = new FlagContext { UserId = "ann", Visit = Tester("1") };

        Assert.Equal((false, FlagReason.Excluded), Decide(Everything with { Exclusion = exclusion }, caller));
        Assert.Equal((false, FlagReason.Window), Decide(Everything with { Exclusion = exclusion, Windows = [window] }, caller));
        var waiting = Everything with { Exclusion = exclusion, Windows = [window], Prerequisites = [prerequisite] };
        Assert.Equal((false, FlagReason.Prerequisite), Decide(waiting, caller));
        Assert.Equal((true, FlagReason.Everyone), Decide(waiting with { Everyone = true }, caller));
        Assert.Equal((true, FlagReason.Testing), Decide(waiting with { Everyone = false, Testing = true }, caller));
        Assert.Equal((false, FlagReason.Killed), Decide(waiting with { Everyone = true, Testing = true, Killed = true }, caller));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Testing_needs_the_flag_and_the_callers_permission(bool flagAllows, bool callerMay, bool on)
    {
        var visit = new FlagVisit(Request("1"), mayTest: callerMay);
        Assert.Equal(on, Decide(new FlagDefinition { Name = Name, Testing = flagAllows }, new FlagContext { Visit = visit }).Enabled);
        Assert.Equal(on ? 1 : 0, visit.Cookies(new FeatureFlagOptions()).Count);
    }

    [Theory]
    [InlineData("users", "ann", true)]
    [InlineData("groups", "beta", true)]
    [InlineData("roles", "admin", true)]
    [InlineData("users", "bob", false)]
    public void Excluded_callers_stay_off(string list, string name, bool excluded)
    {
        var exclusion = list switch
        {
            "users" => new ExclusionDefinition { Users = [name] },
            "groups" => new ExclusionDefinition { Groups = [name] },
            _ => new ExclusionDefinition { Roles = [name] },
        };
        var context = new FlagContext { UserId = "ann", Groups = ["beta"], Roles = ["admin"] };
        Assert.Equal(!excluded, Decide(Everything with { Exclusion = exclusion }, context).Enabled);
    }

    [Fact]
    public void First_rule_that_fits_decides()
    {
        var flag = new FlagDefinition
        {
            Name = Name,
            Rules =
            [
                new RuleDefinition { Name = "not in Norway", Constraints = [In("country", "no")], Serve = false },
                new RuleDefinition { Segments = ["nordics"] },
            ],
        };
        var segment = new SegmentDefinition { Name = "nordics", Constraints = [In("country", "no", "se", "dk")] };
        var snapshot = FlagSnapshot.Compile(new FlagDocument { Flags = [flag], Segments = [segment] });

        Assert.False(snapshot.IsEnabled(Name, Property("country", "no")));
        Assert.True(snapshot.IsEnabled(Name, Property("country", "se")));
        Assert.False(snapshot.IsEnabled(Name, Property("country", "de")));
        Assert.Contains("not in Norway", snapshot.Explain(Name, Property("country", "no")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_see_groups_and_roles_member_by_member()
    {
        var flag = new FlagDefinition { Name = Name, Rules = [new RuleDefinition { Constraints = [In("groups", "beta"), In("roles", "admin")] }] };
        Assert.True(Decide(flag, new FlagContext { Groups = ["alpha", "beta"], Roles = ["admin"] }).Enabled);
        Assert.False(Decide(flag, new FlagContext { Groups = ["alpha"], Roles = ["admin"] }).Enabled);
        Assert.False(Decide(flag, new FlagContext { Roles = ["admin"] }).Enabled);
    }

    [Fact]
    public void Percentage_of_a_rule_and_of_the_flag_take_the_same_callers()
    {
        var ofRule = new FlagDefinition { Name = Name, Rules = [new RuleDefinition { Percent = 30 }] };
        var ofFlag = new FlagDefinition { Name = Name, Percent = 30 };
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(Decide(ofRule, Make.User($"{i}")).Enabled, Decide(ofFlag, Make.User($"{i}")).Enabled);
        }
    }

    [Fact]
    public void Percentage_sticks_to_the_field_that_the_flag_names()
    {
        var flag = new FlagDefinition { Name = Name, Percent = 50, Stickiness = "tenant" };
        var answers = Enumerable.Range(0, 100)
            .Select(user => Decide(flag, new FlagContext { UserId = $"{user}", Properties = new Dictionary<string, string> { ["tenant"] = "acme" } }).Enabled);
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public void Variants_go_to_named_callers_first_then_by_rule_then_by_weight()
    {
        var flag = new FlagDefinition
        {
            Name = Name,
            Everyone = null,
            Percent = 100,
            Rules = [new RuleDefinition { Constraints = [In("country", "no")], Variant = "blue" }],
            Variants =
            [
                new VariantDefinition { Name = "red", Weight = 100 },
                new VariantDefinition { Name = "blue", Groups = ["beta"] },
                new VariantDefinition { Name = "green", Users = ["ann"] },
                new VariantDefinition { Name = "off" },
            ],
            OffVariant = "off",
            Exclusion = new ExclusionDefinition { Users = ["bob"] },
        };
        var snapshot = Make.Snapshot(flag);
        Assert.Equal("green", snapshot.Evaluate(Name, Make.User("ann", "beta")).Variant!.Name);
        Assert.Equal("blue", snapshot.Evaluate(Name, Make.User("eve", "beta")).Variant!.Name);
        Assert.Equal("red", snapshot.Evaluate(Name, Make.User("eve")).Variant!.Name);
        Assert.Equal("blue", snapshot.Evaluate(Name, Property("country", "no")).Variant!.Name);
        Assert.Equal("off", snapshot.Evaluate(Name, Make.User("bob")).Variant!.Name);
    }

    [Fact]
    public void Windows_open_and_close_by_the_clock()
    {
        var flag = new FlagDefinition
        {
            Name = Name,
            Authenticated = true,
            Windows =
            [
                new TimeWindowDefinition
                {
                    Start = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero),
                    End = new DateTimeOffset(2026, 11, 23, 17, 0, 0, TimeSpan.Zero),
                    Recurrence = new RecurrenceDefinition { Kind = RecurrenceKind.Weekly, Days = [DayOfWeek.Monday, DayOfWeek.Friday], Occurrences = 3 },
                },
            ],
        };
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var snapshot = FlagSnapshot.Compile(Make.Document(flag), time: time);
        Assert.Empty(snapshot.Problems);
        (string Time, bool Open)[] expectations =
        [
            ("2026-11-23T08:59:59Z", false), ("2026-11-23T09:00:00Z", true), ("2026-11-23T16:59:59Z", true), ("2026-11-23T17:00:00Z", false),
            ("2026-11-24T12:00:00Z", false), ("2026-11-27T12:00:00Z", true), ("2026-11-30T12:00:00Z", true), ("2026-12-04T12:00:00Z", false),
        ];
        foreach (var (text, open) in expectations)
        {
            var now = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            time.AdjustTime(now);
            Assert.Equal(open, snapshot.IsEnabled(Name, Make.User("ann")));
            Assert.Equal(open, snapshot.IsEnabled(Name, new FlagContext { IsAuthenticated = true, CurrentTime = now }));
        }
    }

    [Fact]
    public void Prerequisites_hold_across_origins()
    {
        var import = FlagFormats.Import(
            FlagFormat.Microsoft,
            """{"feature_management":{"feature_flags":[{"id":"parent","enabled":true,"conditions":{"client_filters":[{"name":"Targeting","parameters":{"Audience":{"Users":["ann"]}}}]},"variants":[{"name":"new"}],"allocation":{"default_when_enabled":"new"}}]}}"""u8.ToArray());
        FlagDefinition Child(PrerequisiteDefinition prerequisite) => new() { Name = Name, Authenticated = true, Prerequisites = [prerequisite] };
        bool On(PrerequisiteDefinition prerequisite, string user) =>
            FlagSnapshot.Compile(new FlagDocument { Flags = [.. import.Document.Flags, Child(prerequisite)] }).IsEnabled(Name, Make.User(user));

        Assert.True(On(new() { Flag = "parent" }, "ann"));
        Assert.False(On(new() { Flag = "parent" }, "bob"));
        Assert.True(On(new() { Flag = "parent", Enabled = false }, "bob"));
        Assert.True(On(new() { Flag = "parent", Variants = ["new"] }, "ann"));
        Assert.False(On(new() { Flag = "parent", Variants = ["old"] }, "ann"));
    }

    private static (bool Enabled, FlagReason Reason) Decide(FlagDefinition flag, FlagContext context)
    {
        var decision = Make.Snapshot(flag, new FlagDefinition { Name = "parent" }).Evaluate(flag.Name, context);
        return (decision.Enabled, decision.Reason);
    }

    private static ConstraintDefinition In(string field, params string[] values) => new() { Field = field, Operator = "IN", Values = values };

    private static FlagContext Property(string name, string value) => new() { UserId = "eve", Properties = new Dictionary<string, string> { [name] = value } };

    private static FlagVisit Tester(string query) => new(Request(query), mayTest: true);

    private static TestRequest Request(string query)
    {
        var request = new TestRequest();
        request.QueryValues["dwft_checkout"] = query;
        return request;
    }
}
