using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Platform.FeatureFlags.Tests;

public sealed class StickyPercentTests
{
    private const int Users = 100_000;

    [Fact]
    public void Nobody_of_a_hundred_thousand_loses_a_flag_while_it_grows_in_twenty_steps()
    {
        var users = Enumerable.Range(0, Users).Select(index => new FlagContext { UserId = $"user-{index}" }).ToArray();
        var had = new bool[Users];
        for (var step = 0; step <= 20; step++)
        {
            var percent = step * 5m;
            var snapshot = Make.Snapshot(new FlagDefinition { Name = "checkout", Percent = percent });
            var on = 0;
            for (var i = 0; i < Users; i++)
            {
                var has = snapshot.IsEnabled("checkout", users[i]);
                if (had[i] && !has)
                {
                    Assert.Fail($"{users[i].UserId} lost it at {percent} %");
                }

                had[i] = has;
                on += has ? 1 : 0;
            }

            Assert.InRange(on * 100.0 / Users, (double)percent - 0.5, (double)percent + 0.5);
        }

        Assert.DoesNotContain(false, had);
    }

    [Theory]
    [InlineData("checkout", "search")]
    [InlineData("a", "b")]
    [InlineData("flag-1", "flag-2")]
    public void Two_flags_are_independent(string first, string second)
    {
        var snapshot = Make.Snapshot(new FlagDefinition { Name = first, Percent = 50 }, new FlagDefinition { Name = second, Percent = 50 });
        double both = 0, one = 0, other = 0;
        for (var i = 0; i < Users; i++)
        {
            var context = new FlagContext { UserId = $"{i}" };
            var (a, b) = (snapshot.IsEnabled(first, context), snapshot.IsEnabled(second, context));
            both += a && b ? 1 : 0;
            one += a ? 1 : 0;
            other += b ? 1 : 0;
        }

        var (p, q) = (one / Users, other / Users);
        var correlation = ((both / Users) - (p * q)) / Math.Sqrt(p * (1 - p) * q * (1 - q));
        Assert.InRange(correlation, -0.01, 0.01);
    }

    [Fact]
    public void Percentage_and_variant_of_a_flag_are_independent()
    {
        var flag = new FlagDefinition
        {
            Name = "checkout",
            Percent = 20,
            Variants = [new VariantDefinition { Name = "red", Weight = 50 }, new VariantDefinition { Name = "blue", Weight = 50 }],
        };
        var snapshot = Make.Snapshot(flag);
        var decisions = Enumerable.Range(0, Users).Select(index => snapshot.Evaluate("checkout", new FlagContext { UserId = $"{index}" }))
            .Where(decision => decision.Enabled).ToArray();
        Assert.InRange(decisions.Count(decision => decision.Variant!.Name == "red") * 100.0 / decisions.Length, 48.5, 51.5);
    }

    // MurmurHash3 of the id, seeded with that of "percent\n" and the flag, over 2^32. Another process, machine or release must give the same.
    [Theory]
    [InlineData("checkout", "ann", 24.258966)]
    [InlineData("checkout", "42", 9.983763)]
    [InlineData("checkout", "0197a1c2-7f3e-7abc-8def-0123456789ab", 66.177609)]
    [InlineData("новая", "ann", 8.767086)]
    public void Bucket_of_a_user_never_changes(string flag, string user, double bucket)
    {
        var below = decimal.Round((decimal)bucket, 3, MidpointRounding.ToZero);
        var above = below + 0.001m;
        Assert.True(Make.Snapshot(new FlagDefinition { Name = flag, Percent = above }).IsEnabled(flag, Make.User(user)));
        Assert.False(Make.Snapshot(new FlagDefinition { Name = flag, Percent = below }).IsEnabled(flag, Make.User(user)));
    }

    [Fact]
    public void Visitor_keeps_the_answer_and_a_user_does_not_depend_on_the_visitor()
    {
        var snapshot = Make.Snapshot(new FlagDefinition { Name = "checkout", Percent = 50 });
        for (var i = 0; i < 1_000; i++)
        {
            var visitor = snapshot.IsEnabled("checkout", new FlagContext { VisitorId = $"{i}" });
            Assert.Equal(visitor, snapshot.IsEnabled("checkout", new FlagContext { VisitorId = $"{i}", UserId = "" }));
            Assert.Equal(
                snapshot.IsEnabled("checkout", new FlagContext { UserId = $"{i}", VisitorId = "a" }),
                snapshot.IsEnabled("checkout", new FlagContext { UserId = $"{i}", VisitorId = "b" }));
        }
    }

    [Fact]
    public void Caller_without_any_id_is_outside_of_every_percentage()
    {
        var snapshot = Make.Snapshot(new FlagDefinition { Name = "checkout", Percent = 100 });
        Assert.False(snapshot.IsEnabled("checkout", new FlagContext()));
    }

    [Property(MaxTest = 500)]
    public Property Same_question_has_the_same_answer_in_every_snapshot() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyString>(),
        ArbMap.Default.ArbFor<string>(),
        Gen.Choose(0, 100_000).ToArbitrary(),
        (user, group, percent) =>
        {
            var flag = new FlagDefinition { Name = "checkout", Percent = percent / 1000m, Groups = ["beta"] };
            var context = new FlagContext { UserId = user.Get, Groups = [group ?? ""] };
            return Make.Snapshot(flag).IsEnabled("checkout", context) == Make.Snapshot(flag).IsEnabled("checkout", context);
        });

    [Property(MaxTest = 500)]
    public Property Greater_percentage_holds_everybody_of_a_smaller_one() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyString>(),
        Gen.Choose(0, 100_000).Two().ToArbitrary(),
        (user, percents) =>
        {
            var (small, great) = (Math.Min(percents.Item1, percents.Item2), Math.Max(percents.Item1, percents.Item2));
            var context = new FlagContext { UserId = user.Get };
            var before = Make.Snapshot(new FlagDefinition { Name = "f", Percent = small / 1000m }).IsEnabled("f", context);
            return !before || Make.Snapshot(new FlagDefinition { Name = "f", Percent = great / 1000m }).IsEnabled("f", context);
        });

    [Fact]
    public void Variant_weights_are_kept_within_half_a_point_and_growing_one_moves_only_neighbours()
    {
        FlagDefinition Flag(decimal first) => new()
        {
            Name = "button",
            Everyone = true,
            DefaultVariant = "rest",
            Variants =
            [
                new VariantDefinition { Name = "first", Weight = first },
                new VariantDefinition { Name = "rest" },
            ],
        };
        var (small, great) = (Make.Snapshot(Flag(10)), Make.Snapshot(Flag(30)));
        var count = 0;
        for (var i = 0; i < Users; i++)
        {
            var context = new FlagContext { UserId = $"{i}" };
            var (before, after) = (small.Evaluate("button", context).Variant!.Name, great.Evaluate("button", context).Variant!.Name);
            Assert.True(before != "first" || after == "first");
            count += after == "first" ? 1 : 0;
        }

        Assert.InRange(count * 100.0 / Users, 29.5, 30.5);
    }
}
