using Platform.Redaction;

namespace Platform.Benchmarks.Redaction;

/// <summary>
/// Suite <c>redaction</c>: speed on one core over log lines of which one of a hundred has something to redact, that over the speed
/// of regular expressions, allocation on clean lines, false hits on a million clean lines, and time over the length of hostile text.
/// </summary>
internal sealed class RedactionSuite(bool isQuick, TextWriter progress)
{
    private const int Seed = 20260302;
    private const int OneInPersonal = 100;

    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>The figures by name, as in the measures; those of hostile text are the time a character at 10 and 100 times the length over that at once.</summary>
    public IReadOnlyDictionary<string, double> Run()
    {
        var figures = new Dictionary<string, double>();
        var redactor = new Redactor(new PiiDetector(), RedactionPolicy.For(RedactionAudience.Telemetry));
        var lines = Lines(isQuick ? 20_000 : 100_000);
        var chars = lines.Sum(line => (long)line.Length);
        progress.WriteLine($"{lines.Length} lines, {chars} characters");

        var own = Speed(lines, chars, line => redactor.Redact(line).Length, isQuick ? 10 : 20);
        var few = lines[..(lines.Length / 20)];
        var regexes = Speed(few, few.Sum(line => (long)line.Length), RegexDetectors.Run, isQuick ? 1 : 3);
        progress.WriteLine($"{RegexDetectors.Count} regular expressions: {regexes:0.0} million characters a second");
        figures["mchars_per_s"] = own;
        figures["vs_regexes"] = own / regexes;
        figures["clean_line_bytes"] = Allocation(redactor);
        figures["false_positives_per_million_lines"] = FalsePositives();
        foreach (var (name, unit) in HostileText.Units)
        {
            (figures["hostile_10x_" + name], figures["hostile_100x_" + name]) = Growth(unit);
        }

        return figures;
    }

    private static string[] Lines(int count)
    {
        var log = new LogLines(Seed);
        var lines = new string[count];
        for (var i = 0; i < count; i++)
        {
            lines[i] = i % OneInPersonal == 0 ? PersonalLines.All[i / OneInPersonal % PersonalLines.All.Length] : log.Next();
        }

        return lines;
    }

    // Millions of characters a second of the processor's time, as the machine has other things to do; the best of the rounds.
    private static double Speed(string[] lines, long chars, Func<string, int> take, int rounds)
    {
        var best = double.MaxValue;
        var sink = 0;
        for (var round = 0; round <= rounds; round++)
        {
            var start = Environment.CpuUsage.TotalTime;
            foreach (var line in lines)
            {
                sink += take(line);
            }

            // The first warms up.
            best = round == 0 ? best : Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalSeconds);
        }

        GC.KeepAlive(sink);
        return chars / best / 1e6;
    }

    private static double Allocation(Redactor redactor)
    {
        var log = new LogLines(Seed);
        var detector = new PiiDetector();
        var lines = Enumerable.Range(0, 5_000).Select(_ => log.Next()).Where(line => !detector.Contains(line)).ToArray();
        var sink = 0;
        for (var warmUp = 0; warmUp < 30; warmUp++)
        {
            foreach (var line in lines)
            {
                sink += redactor.Redact(line).Length;
            }
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var line in lines)
        {
            sink += redactor.Redact(line).Length;
        }

        GC.KeepAlive(sink);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / lines.Length;
    }

    private double FalsePositives()
    {
        var detector = new PiiDetector();
        var log = new LogLines(Seed + 1);
        var count = isQuick ? 200_000 : 1_000_000;
        var hits = 0;
        for (var i = 0; i < count; i++)
        {
            var line = log.Next();
            if (detector.Contains(line))
            {
                hits++;
                progress.WriteLine($"false hit: {string.Join(", ", detector.Detect(line).Select(match => $"{match} '{match.ValueIn(line)}'"))}");
            }
        }

        return hits * 1_000_000.0 / count;
    }

    private (double Ten, double Hundred) Growth(string unit)
    {
        var detector = new PiiDetector();
        var length = isQuick ? 10_000 : 100_000;
        var once = PerChar(detector, HostileText.Repeat(unit, length));
        var ten = PerChar(detector, HostileText.Repeat(unit, length * 10));
        var hundred = PerChar(detector, HostileText.Repeat(unit, length * 100));
        progress.WriteLine($"{unit[..Math.Min(unit.Length, 12)].Replace('\0', '0')}: {once:0.00}, {ten:0.00} and {hundred:0.00} ns a character");
        return (ten / once, hundred / once);
    }

    private double PerChar(PiiDetector detector, string text)
    {
        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var start = _time.GetTimestamp();
            detector.Contains(text);
            best = Math.Min(best, _time.GetElapsedTime(start).TotalNanoseconds);
        }

        return best / text.Length;
    }
}
