namespace Platform.FeatureFlags.Tests;

/// <summary>A snapshot takes over what did not change, and answers as one that was compiled anew.</summary>
public sealed class SnapshotReuseTests
{
    [Fact]
    public void Unchanged_flags_are_the_same_and_those_bound_to_a_changed_one_follow_it()
    {
        var first = new FlagDefinition { Name = "first", Everyone = true };
        var waiting = new FlagDefinition { Name = "waiting", Everyone = null, Authenticated = true, Prerequisites = [new PrerequisiteDefinition { Flag = "first" }] };
        var other = new FlagDefinition { Name = "other", Users = ["1"] };
        var document = Make.Document(first, waiting, other);
        var before = FlagSnapshot.Compile(document, version: 1);
        var options = new FeatureFlagOptions();
        before = FlagSnapshot.Compile(document, options, version: 1);
        var after = FlagSnapshot.Compile(document.With(first with { Everyone = false }), options, version: 2, previous: before);
        var caller = Make.User("1");
        Assert.True(before.IsEnabled("waiting", caller));
        Assert.False(after.IsEnabled("waiting", caller));
        Assert.True(after.IsEnabled("other", caller));
        Assert.True(before.IsEnabled("first", caller));
    }

    [Fact]
    public void Changed_segment_reaches_the_flags_that_use_it()
    {
        var segment = new SegmentDefinition { Name = "s", Constraints = [new ConstraintDefinition { Field = "userId", Operator = "IN", Values = ["1"] }] };
        var document = new FlagDocument { Flags = [new FlagDefinition { Name = "a", Rules = [new RuleDefinition { Segments = ["s"] }] }], Segments = [segment] };
        var options = new FeatureFlagOptions();
        var before = FlagSnapshot.Compile(document, options);
        var after = FlagSnapshot.Compile(
            document.With(segment with { Constraints = [new ConstraintDefinition { Field = "userId", Operator = "IN", Values = ["2"] }] }), options, previous: before);
        Assert.Equal((true, false), (before.IsEnabled("a", Make.User("1")), after.IsEnabled("a", Make.User("1"))));
    }

    [Fact]
    public void Errors_of_a_flag_that_cannot_be_read_are_told_by_each_snapshot()
    {
        var document = Make.Document(new FlagDefinition { Name = "bad", Percent = 101 });
        var options = new FeatureFlagOptions();
        var before = FlagSnapshot.Compile(document, options);
        Assert.Single(FlagSnapshot.Compile(document.With(new FlagDefinition { Name = "b" }), options, previous: before).Problems);
    }
}
