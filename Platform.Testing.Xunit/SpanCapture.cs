using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Testing.Xunit;

/// <summary>
/// Collects the spans of one test: it begins a trace around the test's body, and takes what ends in that trace, whatever the host's sampler says.
/// Tests that run beside it do not see each other's.
/// </summary>
/// <remarks>
/// Work that the test calls in this process is in the trace by itself. A host behind a socket is when the request carries
/// <see cref="TraceParent"/>, which an <c>HttpClient</c> adds on its own. Thread safe.
/// </remarks>
/// <example><code>
/// using var spans = SpanCapture.Begin();
/// await orders.PlaceAsync(order, cancellationToken);
/// Assert.Equal("send orders.placed.v1", spans.Single("send orders.placed.v1").DisplayName);
/// </code></example>
public sealed class SpanCapture : IDisposable
{
    private const int MaxSpans = 10_000;

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private readonly Activity _root;

    private SpanCapture()
    {
        _root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        _root.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        _root.Start();
        var trace = _root.TraceId;
        _listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace && _ended.Count < MaxSpans)
                {
                    _ended.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The value of <c>traceparent</c> by which a request becomes part of the trace (W3C Trace Context, section 3.2).</summary>
    public string TraceParent => _root.Id!;

    /// <summary>The trace's id, 32 hexadecimal digits: what <c>X-Trace-Id</c> and the log say.</summary>
    public string TraceId => _root.TraceId.ToHexString();

    /// <summary>What has ended so far, in that order; 10,000 spans at most.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended];

    /// <summary>Begins the trace; it is over when the capture is disposed of.</summary>
    public static SpanCapture Begin() => new();

    /// <summary>The one span of a name.</summary>
    /// <param name="name">The name as it is displayed.</param>
    /// <exception cref="InvalidOperationException">There is none, or more than one; the message names those that there are.</exception>
    public Activity Single(string name)
    {
        var found = _ended.Where(span => span.DisplayName == name).Take(2).ToArray();
        return found.Length == 1
            ? found[0]
            : throw new InvalidOperationException($"{(found.Length == 0 ? "No span" : "More than one span")} '{name}' among: {string.Join(", ", _ended.Select(span => span.DisplayName))}");
    }

    /// <summary>Ends the trace.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        _root.Dispose();
    }
}
