using System.Text.Json;
using Platform.Conditional;
using Platform.Testing;

namespace Platform.Core.Tests.Conditional;

/// <summary>
/// The same answers as npm's <c>fresh</c>, which Express and Koa ask, for every GET that both understand. Where they differ, the specification is on this
/// side, and the difference is on a list.
/// </summary>
public sealed class FreshTests
{
    private static readonly string[] Fields =
    [
        "\"foo\"", "W/\"foo\"", "\"bar\"", "\"bar\", \"foo\"", "\"bar\",W/\"foo\"", "\"bar\" , \"fizz\"", "*", "\"foo\",", "", "foo", "\"fo,o\"", "\"foo\" junk",
    ];

    private static readonly string?[] ETags = ["\"foo\"", "W/\"foo\"", "\"bar\"", "\"fo,o\"", null];

    private static readonly string?[] Dates =
    [
        null, "Sat, 01 Jan 2000 00:00:00 GMT", "Sat, 01 Jan 2000 01:00:00 GMT", "Fri, 31 Dec 1999 23:00:00 GMT", "foo",
    ];

    [Fact]
    public async Task Copy_is_fresh_where_fresh_says_so()
    {
        var cases = (from noneMatch in Fields.Prepend(null)
                     from etag in ETags
                     from since in Dates
                     from modified in Dates.Where(date => date != "foo")
                     where noneMatch is not null || since is not null
                     select new Case(noneMatch, since, etag, modified)).ToArray();
        var theirs = await AskAsync(cases);
        Assert.Equal(cases.Length, theirs.Length);
        Assert.InRange(cases.Length, 1_000, int.MaxValue);

        var differing = cases.Zip(theirs).Where(pair => Ours(pair.First) != pair.Second && !IsKnown(pair.First)).Select(pair => $"{pair.First}: fresh says {pair.Second}");
        Assert.Empty(differing);
    }

    private static bool Ours(Case c)
    {
        var state = new Validators(c.ETag, HttpDate.TryParse(c.Modified, out var modified) ? modified : null);
        return new Preconditions(null, c.NoneMatch, c.Since, null).Evaluate(isRead: true, state) is PreconditionResult.NotModified;
    }

    private static bool IsKnown(Case c) =>
        // fresh cuts tags at commas and takes what is not quoted for a tag.
        c.NoneMatch is "\"foo\" junk" or "foo" or "\"fo,o\""
        // It takes an empty field for an absent one. RFC 9110, section 13.1.2 has If-None-Match go before If-Modified-Since whatever is in it.
        || c.NoneMatch is "";

    private static async Task<bool[]> AskAsync(Case[] cases) => JsonSerializer.Deserialize<bool[]>(
        await new NodeFolder("fresh").RunAsync("node", ["ask.mjs"], JsonSerializer.Serialize(cases), TestContext.Current.CancellationToken))!;

    private sealed record Case(string? NoneMatch, string? Since, string? ETag, string? Modified);
}
