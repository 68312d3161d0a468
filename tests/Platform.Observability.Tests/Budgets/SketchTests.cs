using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Platform.Budgets;

namespace Platform.Observability.Tests.Budgets;

public sealed class SketchTests
{
    private static readonly double[] Shares = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

    [Property(MaxTest = 200)]
    public Property Quantiles_are_at_most_half_a_percent_off_whatever_comes() => Prop.ForAll(Latencies(), values =>
    {
        var sketch = new QuantileSketch();
        foreach (var value in values)
        {
            sketch.Add(value);
        }

        AssertClose(values, sketch);
    });

    [Property(MaxTest = 200)]
    public Property Parts_merged_in_any_order_are_the_sketch_of_the_whole() => Prop.ForAll(Latencies(), values =>
    {
        var parts = Enumerable.Range(0, 4).Select(_ => new QuantileSketch()).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            parts[i % 4].Add(values[i]);
        }

        var (merged, backwards) = (new QuantileSketch(), new QuantileSketch());
        foreach (var part in parts)
        {
            merged.Merge(QuantileSketch.Decode(part.Encode()));
        }

        foreach (var part in parts.Reverse())
        {
            backwards.Merge(part);
        }

        Assert.Equal(values.Length, merged.Count);
        Assert.All(Shares, share => Assert.Equal(merged.Quantile(share), backwards.Quantile(share)));
        AssertClose(values, merged);
    });

    [Fact]
    public void What_lies_outside_the_range_counts_as_its_end_and_memory_stays_bounded()
    {
        var sketch = new QuantileSketch();
        foreach (var value in new[] { double.NaN, double.NegativeInfinity, -1, 0, double.Epsilon, double.MaxValue, double.PositiveInfinity })
        {
            sketch.Add(value);
        }

        Assert.Equal(7, sketch.Count);
        Assert.InRange(sketch.Quantile(0), 0, 0.0011);
        Assert.InRange(sketch.Quantile(1), 3_500_000, 3_700_000);
        Assert.InRange(sketch.Encode().Length, 1, 40);
    }

    [Fact]
    public void Values_above_a_bound_are_counted()
    {
        var sketch = new QuantileSketch();
        sketch.Add(10, 90);
        sketch.Add(600, 7);
        sketch.Add(5000, 3);

        Assert.Equal(10, sketch.CountAbove(500));
        Assert.Equal(3, sketch.CountAbove(1000));
        Assert.Equal(0, sketch.CountAbove(100_000));
    }

    [Fact]
    public async Task Threads_lose_nothing_and_readings_in_between_add_up()
    {
        const int Threads = 4;
        const int Each = 200_000;
        var recorder = new SketchRecorder();
        var sum = new QuantileSketch();
        var adding = Enumerable.Range(1, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                recorder.Add(thread * 10);
            }
        })).ToArray();
        while (!adding.All(task => task.IsCompleted))
        {
            sum.Merge(recorder.Take());
        }

        await Task.WhenAll(adding);
        sum.Merge(recorder.Take());
        Assert.Equal(Threads * Each, sum.Count);
        Assert.Equal(Each, sum.CountAbove(35));
        Assert.Equal(0, recorder.Take().Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("0180")]
    [InlineData("01FFFFFFFF0F")]
    [InlineData("0100FFFFFFFF0F")]
    public void What_is_no_sketch_is_refused(string hex)
    {
        var failure = Record.Exception(() => QuantileSketch.Decode(Convert.FromHexString(hex)));
        if (hex is "01FFFFFFFF0F")
        {
            // A first bin without counts: nothing is in it.
            Assert.Null(failure);
            return;
        }

        Assert.IsType<FormatException>(failure);
    }

    private static Arbitrary<double[]> Latencies() => Gen.Choose(1, 2000)
        .SelectMany(count => Gen.ArrayOf(Gen.Choose(0, 1_000_000).Select(step => 0.001 * Math.Pow(3.6e9, step / 1e6)), count))
        .ToArbitrary();

    private static void AssertClose(double[] values, QuantileSketch sketch)
    {
        double[] sorted = [.. values.Order()];
        Assert.All(Shares, share =>
        {
            var exact = sorted[(long)(share * (sorted.Length - 1))];
            Assert.InRange(sketch.Quantile(share) / exact, 0.99499, 1.00501);
        });
    }
}
