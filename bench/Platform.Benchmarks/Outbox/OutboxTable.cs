using System.Globalization;
using Platform.Benchmarks.Outbox.Measuring;

namespace Platform.Benchmarks.Outbox;

/// <summary>What the suite prints, as rows of Markdown.</summary>
internal sealed class OutboxTable(TextWriter output)
{
    public void Drain(string title, IEnumerable<DrainResult> results)
    {
        output.WriteLine($"\n{title}: medians\n");
        output.WriteLine("| contender | events | events/s | CPU us/event | client | server | out of order | repeated | missing |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var result in results)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {result.Contender.Title} | {result.Contender.Events} | {result.Median(s => s.EventsPerSecond):0} | {result.Median(s => s.ClientMicroseconds + s.ServerMicroseconds):0} | {result.Median(s => s.ClientMicroseconds):0} | {result.Median(s => s.ServerMicroseconds):0} | {result.Median(s => s.OutOfOrder):0} | {result.Median(s => s.Repeated):0} | {result.Median(s => s.Missing):0} |"));
        }

        output.WriteLine();
    }

    public void Latency(LatencyResult result) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"Commit to handler at 200 events/s, {result.Title}: p50 {result.P50:0.0} ms, p99 {result.P99:0.0} ms, longest {result.Max:0.0} ms, missing {result.Missing}"));

    public void Bloat(BloatResult result)
    {
        const double Mebibyte = 1024 * 1024;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Bloat: {result.Events} events in log and inbox take {result.Heap / Mebibyte:0} MiB and {result.Indexes / Mebibyte:0} MiB of indexes, {result.BytesPerEvent:0} bytes an event; after retention and vacuum {result.HeapLeft / Mebibyte:0.0} and {result.IndexesLeft / Mebibyte:0.0} MiB; the next 50,000 add {result.GrowthAfter / Mebibyte:0.0} MiB"));
    }
}
