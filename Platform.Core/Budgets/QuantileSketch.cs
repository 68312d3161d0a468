using System.Buffers;

namespace Platform.Budgets;

/// <summary>
/// How values are distributed, with quantiles that are at most 0.5 % off. Sketches of replicas, minutes or routes add up to
/// exactly the sketch of all their values (DDSketch, VLDB 2019), which percentiles themselves never do.
/// </summary>
/// <remarks>Values are milliseconds from 0.001 to 3,600,000. At most some 2,200 bins of 8 bytes, whatever comes. Not thread safe.</remarks>
public sealed class QuantileSketch
{
    /// <summary>The largest relative error of <see cref="Quantile"/>, for values within the range.</summary>
    public const double RelativeAccuracy = SketchBins.RelativeAccuracy;

    private const byte Version = 1;

    private int _first;
    private long[] _counts;

    /// <summary>Makes an empty sketch.</summary>
    public QuantileSketch() => _counts = [];

    internal QuantileSketch(int first, long[] counts)
    {
        _first = first;
        _counts = counts;
        foreach (var count in counts)
        {
            Count += count;
        }
    }

    /// <summary>How many values it holds.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a value.</summary>
    /// <param name="value">In milliseconds.</param>
    /// <param name="times">How often it came.</param>
    public void Add(double value, long times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        var bin = SketchBins.Of(value);
        Cover(bin, bin);
        _counts[bin - _first] += times;
        Count += times;
    }

    /// <summary>Adds all values of another.</summary>
    public void Merge(QuantileSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0)
        {
            return;
        }

        Cover(other._first, other._first + other._counts.Length - 1);
        var into = _counts.AsSpan(other._first - _first);
        for (var i = 0; i < other._counts.Length; i++)
        {
            into[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>Takes values out again that were merged in before.</summary>
    internal void Remove(QuantileSketch other)
    {
        for (var i = 0; i < other._counts.Length; i++)
        {
            if (other._counts[i] != 0)
            {
                _counts[other._first - _first + i] -= other._counts[i];
            }
        }

        Count -= other.Count;
    }

    /// <summary>The value below which a share of all values lies.</summary>
    /// <param name="share">0 to 1: 0.99 for p99.</param>
    /// <returns>In milliseconds; 0 of an empty sketch.</returns>
    public double Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var rank = (long)(share * (Count - 1));
        var below = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            below += _counts[i];
            if (below > rank)
            {
                return SketchBins.Middle(_first + i);
            }
        }

        return 0;
    }

    /// <summary>How many values are larger; those within 1 % of it may count on either side.</summary>
    /// <param name="value">In milliseconds.</param>
    public long CountAbove(double value)
    {
        var above = 0L;
        for (var i = Math.Max(0, SketchBins.Of(value) + 1 - _first); i < _counts.Length; i++)
        {
            above += _counts[i];
        }

        return above;
    }

    /// <summary>A copy that changes on its own.</summary>
    public QuantileSketch Copy() => new(_first, [.. _counts]);

    /// <summary>Writes it as a few hundred bytes: a version, the first bin, and each count as a varint; zeros as their number.</summary>
    public byte[] Encode()
    {
        var writer = new ArrayBufferWriter<byte>(64 + _counts.Length);
        writer.Write([Version]);
        Write(writer, (ulong)_first);
        for (var i = 0; i < _counts.Length;)
        {
            if (_counts[i] != 0)
            {
                Write(writer, (ulong)_counts[i++] << 1);
                continue;
            }

            var start = i;
            while (i < _counts.Length && _counts[i] == 0)
            {
                i++;
            }

            // An odd number is a run of zeros; the run at the end says nothing.
            if (i < _counts.Length)
            {
                Write(writer, ((ulong)(i - start) << 1) | 1);
            }
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else, or of a later version.</exception>
    public static QuantileSketch Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty || encoded[0] != Version)
        {
            throw new FormatException("This is no sketch of a known version.");
        }

        encoded = encoded[1..];
        var first = Read(ref encoded);
        var counts = new List<long>(256);
        while (!encoded.IsEmpty)
        {
            var next = Read(ref encoded);
            var zeros = (next & 1) == 1 ? next >> 1 : 0;
            if (first + (ulong)counts.Count + Math.Max(zeros, 1) > (ulong)SketchBins.Count)
            {
                throw new FormatException("The sketch has more bins than there are.");
            }

            if (zeros > 0)
            {
                counts.AddRange(new long[zeros]);
            }
            else
            {
                counts.Add((long)(next >> 1));
            }
        }

        return new QuantileSketch((int)first, [.. counts]);
    }

    // Makes sure that there is room for these bins.
    private void Cover(int first, int last)
    {
        if (_counts.Length == 0)
        {
            _first = first;
            _counts = new long[last - first + 1];
            return;
        }

        var end = _first + _counts.Length - 1;
        if (first >= _first && last <= end)
        {
            return;
        }

        var start = Math.Min(first, _first);
        var grown = new long[Math.Max(last, end) - start + 1];
        _counts.CopyTo(grown, _first - start);
        _first = start;
        _counts = grown;
    }

    private static void Write(ArrayBufferWriter<byte> writer, ulong value)
    {
        var span = writer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        writer.Advance(length);
    }

    private static ulong Read(ref ReadOnlySpan<byte> from)
    {
        var value = 0UL;
        for (var i = 0; i < Math.Min(10, from.Length); i++)
        {
            value |= (ulong)(from[i] & 0x7F) << (7 * i);
            if (from[i] < 0x80)
            {
                from = from[(i + 1)..];
                return value;
            }
        }

        throw new FormatException("The sketch ends in the middle of a number.");
    }
}
