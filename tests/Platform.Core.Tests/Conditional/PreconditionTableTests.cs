using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Conditional;

namespace Platform.Core.Tests.Conditional;

/// <summary>Every combination of method, state and header fields, against a reading of RFC 9110, section 13 that shares nothing with the engine.</summary>
public sealed class PreconditionTableTests
{
    private const string Changed = "Tue, 03 Mar 2026 10:00:00 GMT";

    private static readonly DateTimeOffset ChangedAt = new(2026, 3, 3, 10, 0, 0, TimeSpan.Zero);

    private static readonly string?[] Tags =
    [
        null, "*", "\"v1\"", "W/\"v1\"", "\"v2\"", "\"v2\", \"v1\"", "W/\"v2\" , W/\"v1\"", "\"v,1\"", "v1", "\"v1", ",, \"v1\" ,", "", "\"v1\", *", "\"v1\"\"v2\"",
    ];

    private static readonly string?[] Dates =
    [
        null, Changed, "Tue, 03 Mar 2026 09:59:59 GMT", "Tue, 03 Mar 2026 10:00:01 GMT", "Tuesday, 03-Mar-26 10:00:00 GMT", "Tue Mar  3 10:00:00 2026", "yesterday",
    ];

    private static readonly Validators?[] States =
    [
        null, new(null, null), new("\"v1\"", null), new("W/\"v1\"", ChangedAt), new("\"v1\"", ChangedAt), new(null, ChangedAt),
    ];

    [Fact]
    public void Engine_decides_every_case_as_the_rules_do()
    {
        var cases = 0;
        var wrong = new List<string>();
        foreach (var isRead in (bool[])[true, false])
        {
            foreach (var state in States)
            {
                foreach (var (match, noneMatch, modified, unmodified) in Combinations())
                {
                    cases++;
                    var expected = Oracle.Decide(isRead, state, match, noneMatch, modified, unmodified);
                    var decided = new Preconditions(match, noneMatch, modified, unmodified).Evaluate(isRead, state);
                    if (expected != decided)
                    {
                        wrong.Add($"read {isRead}, {state}, If-Match {match}, If-None-Match {noneMatch}, If-Modified-Since {modified}, If-Unmodified-Since {unmodified}: {decided} instead of {expected}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.InRange(cases, 1_200, int.MaxValue);
    }

    [Fact]
    public void Deciding_allocates_nothing()
    {
        var conditions = new Preconditions(null, "W/\"v0\", \"v1\"", Changed, null);
        var state = new Validators("\"v1\"", ChangedAt);
        Assert.Equal(PreconditionResult.NotModified, conditions.Evaluate(isRead: true, state));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            conditions.Evaluate(isRead: true, state);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static IEnumerable<(string?, string?, string?, string?)> Combinations() =>
        from match in Tags
        from noneMatch in Tags
        from modified in Dates
        from unmodified in Dates
        select (match, noneMatch, modified, unmodified);

    /// <summary>The text of section 13, rule by rule, on strings and regular expressions.</summary>
    private static class Oracle
    {
        private const string Tag = "(?:W/)?\"[\\x21\\x23-\\x7E\\x80-\\uFFFF]*\"";

        // 5.6.1.2: #element => [ element ] *( OWS "," OWS [ element ] )
        private static readonly Regex List = new($"^[ \\t]*(?:{Tag})?(?:[ \\t]*,[ \\t]*(?:{Tag})?)*[ \\t]*$", RegexOptions.CultureInvariant);

        public static PreconditionResult Decide(
            bool isRead, Validators? state, string? match, string? noneMatch, string? modifiedSince, string? unmodifiedSince)
        {
            // 13.2.2, step 1: "When recipient is the origin server and If-Match is present, evaluate ...: if false, respond 412".
            if (match != null && !IfMatch(match, state))
            {
                return PreconditionResult.Failed;
            }

            // Step 2: "If-Match is not present and If-Unmodified-Since is present".
            if (match == null && unmodifiedSince != null && Date(unmodifiedSince) is { } unmodified && state?.LastModified is { } at && !(at <= unmodified))
            {
                return PreconditionResult.Failed;
            }

            // Step 3: "If-None-Match is present: ... if false for GET/HEAD, respond 304; if false for other methods, respond 412".
            if (noneMatch != null && !IfNoneMatch(noneMatch, state))
            {
                return isRead ? PreconditionResult.NotModified : PreconditionResult.Failed;
            }

            // Step 4: "the method is GET or HEAD, If-None-Match is not present, and If-Modified-Since is present: if false, respond 304".
            if (isRead && noneMatch == null && modifiedSince != null && Date(modifiedSince) is { } modified && state?.LastModified is { } last && last <= modified)
            {
                return PreconditionResult.NotModified;
            }

            return PreconditionResult.Proceed;
        }

        // 13.1.1: "*" is false without a current representation; a list is false if no tag matches strongly.
        private static bool IfMatch(string field, Validators? state) =>
            field.Trim() == "*"
                ? state != null
                : Elements(field).Any(tag => state?.ETag is { } current && !tag.StartsWith('W') && !current.StartsWith('W') && tag == current);

        // 13.1.2: "*" is false with a current representation; a list is false if one matches weakly.
        private static bool IfNoneMatch(string field, Validators? state) =>
            field.Trim() == "*"
                ? state == null
                : !Elements(field).Any(tag => state?.ETag is { } current && Opaque(tag) == Opaque(current));

        private static IEnumerable<string> Elements(string field) =>
            List.IsMatch(field) ? Regex.Matches(field, Tag).Select(match => match.Value) : [];

        private static string Opaque(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

        // 5.6.7: three forms.
        private static DateTimeOffset? Date(string field)
        {
            foreach (var form in (string[])["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM  d HH:mm:ss yyyy"])
            {
                if (DateTime.TryParseExact(field, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                {
                    return new DateTimeOffset(date, TimeSpan.Zero);
                }
            }

            return null;
        }
    }
}
