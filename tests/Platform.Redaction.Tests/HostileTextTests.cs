using Platform.Benchmarks.Redaction;

namespace Platform.Redaction.Tests;

public sealed class HostileTextTests
{
    public static TheoryData<string> Names => new(HostileText.Units.Select(of => of.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Time_grows_with_the_length_only(string name)
    {
        var unit = HostileText.Units.Single(of => of.Name == name).Unit;
        var detector = new PiiDetector();
        var shorter = Best(detector, HostileText.Repeat(unit, 20_000));
        var longer = Best(detector, HostileText.Repeat(unit, 640_000));

        // 32 times the length; a quadratic scan would take 1,024 times as long.
        Assert.True(longer < (shorter * 32 * 6) + TimeSpan.FromMilliseconds(20), $"{shorter.TotalMilliseconds} ms, then {longer.TotalMilliseconds} ms");
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

    private static TimeSpan Best(PiiDetector detector, string text)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 12; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            detector.Contains(text);
            var taken = TimeProvider.System.GetElapsedTime(start);
            best = taken < best ? taken : best;
        }

        return best;
    }
}
