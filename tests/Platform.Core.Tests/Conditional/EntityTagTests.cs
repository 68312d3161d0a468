using Platform.Conditional;

namespace Platform.Core.Tests.Conditional;

public sealed class EntityTagTests
{
    [Theory]
    [InlineData("\"\"", true)]
    [InlineData("\"xyzzy\"", true)]
    [InlineData("W/\"xyzzy\"", true)]
    [InlineData("\"a,b\"", true)]
    [InlineData("\"\u00e9\"", true)]
    [InlineData("w/\"xyzzy\"", false)]
    [InlineData("W /\"xyzzy\"", false)]
    [InlineData("xyzzy", false)]
    [InlineData("\"xyzzy", false)]
    [InlineData("\"a b\"", false)]
    [InlineData("\"a\u007f\"", false)]
    [InlineData("\"a\"b\"", false)]
    [InlineData("", false)]
    [InlineData("*", false)]
    public void Form_of_a_tag_is_that_of_the_specification(string tag, bool valid) => Assert.Equal(valid, EntityTag.IsValid(tag));

    // The table of RFC 9110, section 8.8.3.2.
    [Theory]
    [InlineData("W/\"1\"", "W/\"1\"", false, true)]
    [InlineData("W/\"1\"", "W/\"2\"", false, false)]
    [InlineData("W/\"1\"", "\"1\"", false, true)]
    [InlineData("\"1\"", "\"1\"", true, true)]
    public void Comparison_is_that_of_the_specification(string one, string other, bool strong, bool weak)
    {
        Assert.Equal(strong, EntityTag.IsIn(one, other, strong: true, out _));
        Assert.Equal(weak, EntityTag.IsIn(one, other, strong: false, out _));
    }

    [Fact]
    public void Tag_of_a_compressed_copy_is_of_the_same_version_and_is_told_apart()
    {
        Assert.Equal("\"v1~br\"", CodedTag.For("\"v1\"", "br"));
        Assert.Equal("W/\"v1\"", CodedTag.For("W/\"v1\"", "br"));
        Assert.True(EntityTag.IsIn("\"v0\", \"v1~br\"", "\"v1\"", strong: true, out var matched));
        Assert.Equal("\"v1~br\"", "\"v0\", \"v1~br\""[matched]);
        Assert.False(EntityTag.IsIn("\"v1~zip\"", "\"v1\"", strong: false, out _));
        Assert.False(EntityTag.IsIn("\"v1\"", "\"v1~br\"", strong: false, out _));
    }

    [Fact]
    public void Change_within_a_second_counts_as_one_of_the_next()
    {
        var at = new DateTimeOffset(2026, 3, 3, 10, 0, 0, 1, TimeSpan.Zero);
        Assert.Equal("Tue, 03 Mar 2026 10:00:01 GMT", HttpDate.ToText(HttpDate.RoundUp(at)));
        var since = new Preconditions(null, null, "Tue, 03 Mar 2026 10:00:00 GMT", null);
        Assert.Equal(PreconditionResult.Proceed, since.Evaluate(isRead: true, new Validators(null, at)));
    }

    [Fact]
    public void Row_has_another_tag_after_each_change_and_in_each_form()
    {
        var version = new RowVersion(7, new DateTimeOffset(2026, 3, 3, 10, 0, 0, TimeSpan.Zero));
        Assert.True(EntityTag.IsValid(version.ToTag("a1")));
        Assert.Distinct([version.ToTag("a1"), version.ToTag("a2"), (version with { Number = 8 }).ToTag("a1"), (version with { ChangedAt = version.ChangedAt.AddMicroseconds(1) }).ToTag("a1")]);
    }
}
