using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Platform.ServiceDefaults.Telemetry.Sampling;

/// <summary>
/// Spans that were not sampled wait here until the work that they belong to is over in this process. If a span of it failed, or all of it took
/// long, they are sent; else they are let go.
/// </summary>
/// <remarks>
/// Bounded thrice: spans at once, spans of one work, works at once. Past them spans are dropped and counted, so that work that never ends cannot
/// fill the memory. Thread safe. Traces that were sampled never come here.
/// </remarks>
internal sealed class TailBuffer(int capacity, TimeSpan slow, Action<Activity> send)
{
    /// <summary>The custom property of a span that was made after its parent's end: that parent.</summary>
    public const string Parent = "platform.parent";

    private const int MaxSpansOfOne = 1_000;
    private const int MaxWorks = 4_096;

    private readonly ConditionalWeakTable<Activity, Work> _works = [];
    private readonly Work?[] _open = new Work?[MaxWorks];
    private int _next;
    private int _held;

    /// <summary>Spans that wait.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Takes a span that ended and was not sampled.</summary>
    public void Add(Activity ended)
    {
        var root = ended;
        while ((root.Parent ?? root.GetCustomProperty(Parent) as Activity) is { } parent)
        {
            root = parent;
        }

        var work = _works.GetValue(root, static _ => new Work());
        lock (work)
        {
            if (work.Verdict is Verdict.Open)
            {
                Judge(work, ended, isRoot: root == ended);
            }

            if (work.Verdict is Verdict.Sent)
            {
                Send(ended);
            }
        }
    }

    private void Judge(Work work, Activity ended, bool isRoot)
    {
        if (ended.Status is ActivityStatusCode.Error || (isRoot && ended.Duration >= slow))
        {
            // From here on everything of it goes straight through.
            work.Verdict = Verdict.Sent;
            foreach (var span in work.Spans)
            {
                Send(span);
            }

            Release(work);
        }
        else if (isRoot)
        {
            work.Verdict = Verdict.LetGo;
            Release(work);
        }
        else if (work.Spans.Count >= MaxSpansOfOne || Interlocked.Increment(ref _held) > capacity)
        {
            Interlocked.Add(ref _held, work.Spans.Count >= MaxSpansOfOne ? 0 : -1);
            ExportTelemetry.Drop("traces", ExportTelemetry.TailFull, 1);
        }
        else
        {
            if (work.Spans.Count == 0)
            {
                MakeRoom(work);
            }

            work.Spans.Add(ended);
        }
    }

    // The oldest work that is still open loses its place, and with it what it holds.
    private void MakeRoom(Work work)
    {
        var place = (uint)Interlocked.Increment(ref _next) % MaxWorks;
        if (Interlocked.Exchange(ref _open[place], work) is not { } old || old == work || !Monitor.TryEnter(old))
        {
            return;
        }

        try
        {
            if (old.Verdict is Verdict.Open)
            {
                ExportTelemetry.Drop("traces", ExportTelemetry.TailFull, old.Spans.Count);
                Release(old);
            }
        }
        finally
        {
            Monitor.Exit(old);
        }
    }

    private void Release(Work work)
    {
        Interlocked.Add(ref _held, -work.Spans.Count);
        work.Spans = [];
    }

    private void Send(Activity span)
    {
        span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        send(span);
    }

    private enum Verdict
    {
        Open,
        Sent,
        LetGo,
    }

    private sealed class Work
    {
        public Verdict Verdict { get; set; }

        public List<Activity> Spans { get; set; } = [];
    }
}
