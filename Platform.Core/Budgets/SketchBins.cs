using System.Runtime.CompilerServices;

namespace Platform.Budgets;

/// <summary>
/// Which bin a value falls into: bounds grow by a constant factor, so that the middle of a bin is never further from a value in it than
/// <see cref="RelativeAccuracy"/> (DDSketch: Masson, Rim, Lee, "DDSketch", VLDB 2019, section 2.1).
/// </summary>
internal static class SketchBins
{
    /// <summary>The relative error of a quantile.</summary>
    public const double RelativeAccuracy = 0.005;

    /// <summary>Smaller values count as this one: a microsecond, in milliseconds.</summary>
    public const double Smallest = 0.001;

    /// <summary>Larger values count as this one: an hour, in milliseconds.</summary>
    public const double Largest = 3_600_000;

    private const double Growth = (1 + RelativeAccuracy) / (1 - RelativeAccuracy);

    private static readonly double Scale = 1 / Math.Log(Growth);
    private static readonly int Offset = (int)Math.Ceiling(Math.Log(Smallest) * Scale);

    /// <summary>How many bins there are.</summary>
    public static readonly int Count = (int)Math.Ceiling(Math.Log(Largest) * Scale) - Offset + 1;

    private static readonly double[] Middles = [.. Enumerable.Range(0, Count).Select(bin => 2 * Math.Pow(Growth, bin + Offset) / (Growth + 1))];

    /// <summary>The bin of a value. What is not a positive number is in the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(double value)
    {
        if (!(value > Smallest))
        {
            return 0;
        }

        return value < Largest ? (int)Math.Ceiling(Math.Log(value) * Scale) - Offset : Count - 1;
    }

    /// <summary>The value that stands for all of a bin.</summary>
    public static double Middle(int bin) => Middles[bin];
}
