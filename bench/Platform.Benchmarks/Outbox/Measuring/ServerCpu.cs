using System.Globalization;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>
/// CPU time of a PostgreSQL server: of the postmaster, its living children, and those that have ended, which the kernel adds to the
/// postmaster when it collects them (proc(5): cutime, cstime). Linux only.
/// </summary>
internal sealed class ServerCpu(int postmaster)
{
    private const int ParentField = 1;
    private const int UserField = 11;
    private const int SystemField = 12;
    private const int EndedUserField = 13;
    private const int EndedSystemField = 14;
    private const double TicksPerSecond = 100;

    private double _idle;

    /// <summary>Measures what the server takes when nobody asks anything of it, to be taken off later.</summary>
    public async Task MeasureIdleAsync(TimeSpan during, CancellationToken cancellationToken)
    {
        var before = Read();
        await Task.Delay(during, cancellationToken);
        _idle = (Read() - before) / during.TotalSeconds;
    }

    /// <summary>Seconds of CPU since the server's start.</summary>
    public double Read()
    {
        double ticks = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out var process) && Fields(process) is { } fields)
            {
                if (process == postmaster)
                {
                    ticks += Sum(fields, UserField, SystemField) + Sum(fields, EndedUserField, EndedSystemField);
                }
                else if (Value(fields[ParentField]) == postmaster)
                {
                    ticks += Sum(fields, UserField, SystemField);
                }
            }
        }

        return ticks / TicksPerSecond;
    }

    /// <summary>The seconds of CPU since <paramref name="before"/>, without what the server takes anyway.</summary>
    public double Since(double before, double seconds) => Math.Max(0, Read() - before - (_idle * seconds));

    private static double Sum(string[] fields, int user, int system) => Value(fields[user]) + Value(fields[system]);

    private static double Value(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    /// <summary>The fields behind the program's name, which may hold blanks; null when the process has just ended.</summary>
    private static string[]? Fields(int process)
    {
        try
        {
            var line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
