namespace Platform.FeatureFlags.Tests;

public sealed class ConstraintTests
{
    [Theory]
    [InlineData("IN", "b", "a,b", true)]
    [InlineData("IN", "c", "a,b", false)]
    [InlineData("IN", null, "a,b", false)]
    [InlineData("NOT_IN", "c", "a,b", true)]
    [InlineData("NOT_IN", "a", "a,b", false)]
    [InlineData("NOT_IN", null, "a,b", true)]
    [InlineData("STR_STARTS_WITH", "foobar", "x,foo", true)]
    [InlineData("STR_ENDS_WITH", "foobar", "bar", true)]
    [InlineData("STR_CONTAINS", "foobar", "oba", true)]
    [InlineData("STR_CONTAINS", "fooBar", "oba", false)]
    [InlineData("STR_CONTAINS", null, "oba", false)]
    [InlineData("IN_CIDR", "10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("IN_CIDR", "10.1.2.3", "10.1.2.99/24", true)]
    [InlineData("IN_CIDR", "11.1.2.3", "10.0.0.0/8", false)]
    [InlineData("IN_CIDR", "::ffff:10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("IN_CIDR", "2001:db8::5", "2001:db8::/32", true)]
    [InlineData("IN_CIDR", "2001:db9::5", "2001:db8::/32", false)]
    [InlineData("IN_CIDR", "0.0.0.1", "::/0", false)]
    [InlineData("IN_CIDR", "1.2.3.4", "0.0.0.0/0", true)]
    [InlineData("IN_CIDR", "not an address", "0.0.0.0/0", false)]
    [InlineData("IN_CIDR", "10.1", "10.0.0.0/8", false)]
    [InlineData("IN_CIDR", "167838211", "10.0.0.0/8", false)]
    public void Operator_over_values_holds(string name, string? field, string values, bool holds)
    {
        var constraint = new ConstraintDefinition { Field = "x", Operator = name, Values = values.Split(',') };
        Assert.Equal(holds, Holds(constraint, field));
        Assert.Equal(!holds, Holds(constraint with { Inverted = true }, field));
    }

    [Theory]
    [InlineData("NUM_EQ", "5.0", "5", true)]
    [InlineData("NUM_GT", "5", "5", false)]
    [InlineData("NUM_GTE", "5", "5", true)]
    [InlineData("NUM_LT", "-1e3", "5", true)]
    [InlineData("NUM_LTE", "5.1", "5", false)]
    [InlineData("NUM_GT", "many", "5", false)]
    [InlineData("NUM_GT", null, "5", false)]
    [InlineData("SEMVER_EQ", "1.2.3", "1.2.3", true)]
    [InlineData("SEMVER_EQ", "1.2.3+build.5", "1.2.3", true)]
    [InlineData("SEMVER_EQ", "v1.2.3", "1.2.3", false)]
    [InlineData("SEMVER_EQ", "1.2", "1.2.0", false)]
    [InlineData("SEMVER_EQ", "01.2.3", "1.2.3", false)]
    [InlineData("SEMVER_GT", "1.10.0", "1.9.0", true)]
    [InlineData("SEMVER_GT", "1.0.0-alpha", "1.0.0-alpha.1", false)]
    [InlineData("SEMVER_GT", "1.0.0-alpha.1", "1.0.0-alpha", true)]
    [InlineData("SEMVER_LT", "1.0.0-alpha.1", "1.0.0-alpha.beta", true)]
    [InlineData("SEMVER_LT", "1.0.0-beta.2", "1.0.0-beta.11", true)]
    [InlineData("SEMVER_LT", "1.0.0-rc.1", "1.0.0", true)]
    [InlineData("SEMVER_GTE", "99999999999999999999999.0.1", "99999999999999999999999.0.0", true)]
    [InlineData("SEMVER_LTE", "1.0.0", "1.0.0", true)]
    [InlineData("SEMVER_GTE", null, "1.0.0", false)]
    [InlineData("REGEX", "user-42@example.com", @"^user-\d+@", true)]
    [InlineData("REGEX", "xx user xx", "user", true)]
    [InlineData("REGEX", "USER", "user", false)]
    [InlineData("REGEX", "USER", "(?i)user", true)]
    [InlineData("REGEX", "user\n", "^user$", false)]
    [InlineData("REGEX", "a\nuser\nb", "(?m)^user$", true)]
    [InlineData("REGEX", "٤٢", @"^\d+$", false)]
    [InlineData("REGEX", "ж", @"^\w$", false)]
    [InlineData("REGEX", "ж", @"^\pL$", true)]
    [InlineData("REGEX", "ab12", "^[[:alpha:]]{2}[[:digit:]]{2}$", true)]
    [InlineData("REGEX", "a.b", @"^\Qa.b\E$", true)]
    [InlineData("REGEX", "axb", @"^\Qa.b\E$", false)]
    [InlineData("REGEX", "2026-11", @"^(?P<year>\d{4})-(?P<month>\d{2})$", true)]
    [InlineData("REGEX", "x", "^[^\\D]$", false)]
    [InlineData("REGEX", "7", "^[^\\D]$", true)]
    [InlineData("REGEX", "{", "^{$", true)]
    [InlineData("REGEX", "]", "^[]a]$", true)]
    [InlineData("REGEX", null, "", false)]
    public void Operator_over_a_value_holds(string name, string? field, string value, bool holds)
    {
        var constraint = new ConstraintDefinition { Field = "x", Operator = name, Value = value };
        Assert.Equal(holds, HoldsAsUnleash(constraint, field));
        Assert.Equal(!holds, HoldsAsUnleash(constraint with { Inverted = true }, field));
    }

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("(?<!a)b")]
    [InlineData(@"(a)\1")]
    [InlineData("(?>a)")]
    [InlineData("a{1001}")]
    [InlineData("((a{100}){100}){100}")]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("*a")]
    [InlineData("a)")]
    [InlineData("a\\")]
    public void Regular_expression_that_RE2_does_not_know_is_refused_and_never_holds(string pattern)
    {
        var constraint = new ConstraintDefinition { Field = "x", Operator = "REGEX", Value = pattern };
        var flag = new FlagDefinition { Name = "f", Rules = [new RuleDefinition { Constraints = [constraint] }] };
        Assert.Equal(["/flags/0/rules/0/constraints/0/value"], FlagDocumentRules.Check(Make.Document(flag)).All.Select(error => error.Pointer));
        Assert.False(HoldsAsUnleash(constraint, "aa"));
        Assert.True(HoldsAsUnleash(constraint with { Inverted = true }, "aa"));
    }

    [Fact]
    public void Regular_expressions_take_time_linear_in_the_text()
    {
        var constraint = new ConstraintDefinition { Field = "x", Operator = "REGEX", Value = "^(a+)+$" };
        var hostile = new string('a', 100_000) + "!";
        Assert.False(Holds(constraint, hostile));
        var started = TimeProvider.System.GetTimestamp();
        Assert.False(Holds(constraint, hostile));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("DATE_AFTER", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true)]
    [InlineData("DATE_AFTER", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", false)]
    [InlineData("DATE_BEFORE", "2026-01-01T01:00:00+01:00", "2025-12-31T23:59:59Z", true)]
    [InlineData("DATE_BEFORE", "2026-01-01", "2026-01-01T00:00:00Z", false)]
    [InlineData("DATE_BEFORE", "soon", "2026-01-01T00:00:00Z", false)]
    public void Dates_are_compared_with_the_present_time_or_with_a_date_in_the_field(string name, string limit, string now, bool holds)
    {
        var constraint = new ConstraintDefinition { Field = "currentTime", Operator = name, Value = limit };
        var time = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(holds, Unleash(constraint).IsEnabled("f", new FlagContext { CurrentTime = time }));
        Assert.Equal(holds, HoldsAsUnleash(constraint with { Field = "signedUp" }, now, "signedUp"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unknown_operator_never_holds(bool inverted) =>
        Assert.False(HoldsAsUnleash(new ConstraintDefinition { Field = "x", Operator = "IS_LIKE", Values = ["a"], Inverted = inverted }, "a"));

    private static bool Holds(ConstraintDefinition constraint, string? value)
    {
        var snapshot = Make.Snapshot(new FlagDefinition { Name = "f", Rules = [new RuleDefinition { Constraints = [constraint] }] });
        Assert.Empty(snapshot.Problems);
        return snapshot.IsEnabled("f", Context(value, "x"));
    }

    private static bool HoldsAsUnleash(ConstraintDefinition constraint, string? value, string field = "x") =>
        Unleash(constraint).IsEnabled("f", Context(value, field));

    private static FlagContext Context(string? value, string field) =>
        new() { Properties = value is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [field] = value } };

    /// <summary>As Unleash writes it, which takes what our own rules refuse.</summary>
    private static FlagSnapshot Unleash(ConstraintDefinition constraint)
    {
        var state = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new
        {
            version = 2,
            features = new[]
            {
                new
                {
                    name = "f",
                    enabled = true,
                    strategies = new[]
                    {
                        new
                        {
                            name = "default",
                            constraints = new[]
                            {
                                new
                                {
                                    contextName = constraint.Field,
                                    @operator = constraint.Operator,
                                    values = constraint.Values,
                                    value = constraint.Value,
                                    inverted = constraint.Inverted,
                                    caseInsensitive = constraint.CaseInsensitive,
                                },
                            },
                        },
                    },
                },
            },
        });
        var import = FlagFormats.Import(FlagFormat.Unleash, state);
        Assert.Empty(import.Problems);
        return FlagSnapshot.Compile(import.Document);
    }
}
