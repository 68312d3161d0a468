using Platform.Benchmarks.Redaction;

namespace Platform.Redaction.Tests;

public sealed class HostileTextTests
{
    private const int Rounds = 12;

    public static TheoryData<string> Names => new(HostileText.Units.Select(of => of.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Time_grows_with_the_length_only(string name)
    {
        var unit = HostileText.Units.Single(of => of.Name == name).Unit;
        var detector = new PiiDetector();
        var shorter = Best(detector, HostileText.Repeat(unit, 20_000), Rounds, TimeSpan.Zero);

        // 32 times the length; a quadratic scan would take 1,024 times as long.
        var limit = (shorter * 32 * 6) + TimeSpan.FromMilliseconds(20);
        var longer = Best(detector, HostileText.Repeat(unit, 640_000), Rounds, limit);

        Assert.True(longer < limit, $"{shorter.TotalMilliseconds} ms, then {longer.TotalMilliseconds} ms");
    }

    [Fact]
    public void No_text_takes_much_longer_than_others()
    {
        // As its machine: what costs most is compared with what costs about as much as all that has words and numbers.
        var detector = new PiiDetector();
        var usual = HostileText.Units.Select(of => Best(detector, HostileText.Repeat(of.Unit, 50_000), Rounds / 2, TimeSpan.Zero)).Order().ToArray();

        Assert.True(usual[^1] < usual[usual.Length / 2] * 100, string.Join(", ", usual.Select(time => time.TotalMilliseconds)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_line_of_a_million_characters_is_redacted_for_good(string name)
    {
        var redactor = new Redactor(new(), RedactionPolicy.For(RedactionAudience.Telemetry));
        var text = HostileText.Repeat(HostileText.Units.Single(of => of.Name == name).Unit, 1_000_000);

        var redacted = redactor.Redact(text);

        Assert.Same(redacted, redactor.Redact(redacted));
    }

    // Of some rounds, since the machine has other things to do; no more of them once it is enough.
    private static TimeSpan Best(PiiDetector detector, string text, int rounds, TimeSpan enough)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < rounds && best > enough; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            detector.Contains(text);
            var taken = TimeProvider.System.GetElapsedTime(start);
            best = taken < best ? taken : best;
        }

        return best;
    }
}
