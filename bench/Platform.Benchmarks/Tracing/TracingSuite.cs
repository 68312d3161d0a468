using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Platform.Interception;
using Platform.Telemetry;

namespace Platform.Benchmarks.Tracing;

/// <summary>
/// Suite <c>tracing</c>: what a span adds to what it stands around, in nanoseconds and bytes: as a block and by attribute, with nobody who listens, not sampled, and recorded.
/// What tracing costs a whole request is in the suite <c>http</c>.
/// </summary>
/// <param name="quick">Fewer rounds.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class TracingSuite(bool quick, TextWriter output)
{
    private const int BatchSize = 20_000;

    private readonly Working _direct = new();

    public IReadOnlyDictionary<string, double> Run()
    {
        using var services = new ServiceCollection().AddSingleton<IWork, Working>().Intercept<IWork>().BuildServiceProvider();
        var intercepted = services.GetRequiredService<IWork>();
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        var direct = Measure(_direct.Plain).Nanoseconds;
        foreach (var (name, decision) in new (string, ActivitySamplingResult?)[]
        {
            ("idle", null), ("not_sampled", ActivitySamplingResult.PropagationData), ("recorded", ActivitySamplingResult.AllDataAndRecorded),
        })
        {
            using var listener = new ActivityListener
            {
                ShouldListenTo = source => decision is not null && source.Name.StartsWith("Platform.", StringComparison.Ordinal),
                Sample = (ref _) => decision ?? ActivitySamplingResult.None,
            };
            ActivitySource.AddActivityListener(listener);
            using var request = decision is null ? null : new Activity("request") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
            var block = Measure(Block);
            var method = Measure(() => intercepted.Traced(7));
            figures[$"block_{name}_ns"] = Math.Max(0, block.Nanoseconds - direct);
            figures[$"block_{name}_bytes"] = block.Bytes;
            figures[$"traced_{name}_ns"] = Math.Max(0, method.Nanoseconds - direct);
            figures[$"traced_{name}_bytes"] = method.Bytes;
        }

        foreach (var (name, value) in figures)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28}{value,10:0.0}"));
        }

        return figures;
    }

    private int Block()
    {
        using var span = Platform.Telemetry.Tracing.Start("work");
        span.Set("number", "seven");
        return _direct.Plain();
    }

    // The quickest of short batches: what else the machine does falls out.
    private (double Nanoseconds, double Bytes) Measure(Func<int> work)
    {
        var (best, sink) = (double.MaxValue, 0);
        var allocated = 0L;
        for (var batch = 0; batch < (quick ? 60 : 300); batch++)
        {
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var started = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < BatchSize; i++)
            {
                sink += work();
            }

            best = Math.Min(best, TimeProvider.System.GetElapsedTime(started).TotalNanoseconds / BatchSize);
            allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
        }

        GC.KeepAlive(sink);
        return (best, (double)allocated / BatchSize);
    }

    internal interface IWork
    {
        [Traced("work")]
        int Traced([SafeToTrace] int number);
    }

    private sealed class Working : IWork
    {
        private int _calls;

        public int Traced(int number) => Plain() + number;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public int Plain() => ++_calls;
    }
}
