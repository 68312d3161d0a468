using System.Collections.Concurrent;
using System.Diagnostics;
using Platform.ServiceDefaults.Telemetry;
using Platform.ServiceDefaults.Telemetry.Sampling;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed class TailBufferTests
{
    private readonly ConcurrentQueue<string> _sent = new();

    [Fact]
    public void Work_is_kept_whole_when_a_part_of_it_failed()
    {
        var tail = Tail();
        using var root = Begin("root");
        End(tail, Begin("before"));
        var failing = Begin("failing");
        failing.SetStatus(ActivityStatusCode.Error);
        End(tail, failing);
        End(tail, Begin("after"));
        End(tail, root);
        End(tail, Late("late", root));

        Assert.Equal(["before", "failing", "after", "root", "late"], _sent);
        Assert.Equal(0, tail.Held);
    }

    [Fact]
    public void Work_that_went_well_is_let_go_with_what_comes_late()
    {
        var tail = Tail();
        using var root = Begin("root");
        End(tail, Begin("child"));
        Assert.Equal(1, tail.Held);
        End(tail, root);
        End(tail, Late("late", root));

        Assert.Empty(_sent);
        Assert.Equal(0, tail.Held);
    }

    [Fact]
    public void Slow_part_of_quick_work_is_not_slow_work()
    {
        var tail = Tail(slow: TimeSpan.FromSeconds(10));
        using var root = Begin("root");
        End(tail, Begin("child"), TimeSpan.FromSeconds(30));
        End(tail, root, TimeSpan.FromSeconds(9));
        Assert.Empty(_sent);

        using var second = Begin("second");
        End(tail, second, TimeSpan.FromSeconds(10));
        Assert.Equal(["second"], _sent);
    }

    [Fact]
    public async Task Buffer_never_holds_more_than_it_may_though_no_work_ends()
    {
        var tail = Tail(capacity: 500);
        var dropped = ExportTelemetry.Count("traces", ExportTelemetry.TailFull);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () =>
            {
                for (var work = 0; work < 200; work++)
                {
                    Activity.Current = null;
                    using var root = Begin("root");
                    for (var i = 0; i < 5; i++)
                    {
                        End(tail, Begin("child"));
                    }

                    // Each thread may be about to give back the one that was too many.
                    Assert.InRange(tail.Held, 0, 508);
                }
            },
            TestContext.Current.CancellationToken)));

        // Whatever found no room was counted.
        Activity.Current = null;
        Assert.InRange(tail.Held, 1, 500);
        Assert.True(ExportTelemetry.Count("traces", ExportTelemetry.TailFull) - dropped >= (8 * 200 * 5) - 500);
    }

    [Fact]
    public void Work_that_never_ends_gives_its_place_to_new_work()
    {
        var tail = Tail(capacity: 10_000);
        var dropped = ExportTelemetry.Count("traces", ExportTelemetry.TailFull);
        for (var work = 0; work < 9_000; work++)
        {
            Activity.Current = null;
            _ = Begin("lost");
            End(tail, Begin("child"));
        }

        Activity.Current = null;
        Assert.InRange(tail.Held, 1, 4_096);
        Assert.True(ExportTelemetry.Count("traces", ExportTelemetry.TailFull) - dropped >= 9_000 - 4_096);
    }

    [Fact]
    public async Task Spans_that_end_at_once_on_many_threads_are_all_kept()
    {
        var tail = Tail();
        var root = Begin("root");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(
            () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    var child = Begin("child");
                    if (thread == 3 && i == 50)
                    {
                        child.SetStatus(ActivityStatusCode.Error);
                    }

                    End(tail, child);
                }
            },
            TestContext.Current.CancellationToken)));
        End(tail, root);

        Assert.Equal(801, _sent.Count);
        Assert.Equal(0, tail.Held);
    }

    private static Activity Begin(string name) => new Activity(name).SetIdFormat(ActivityIdFormat.W3C).Start();

    private static Activity Late(string name, Activity parent)
    {
        var late = new Activity(name).SetIdFormat(ActivityIdFormat.W3C).SetParentId(parent.TraceId, parent.SpanId).Start();
        late.SetCustomProperty(TailBuffer.Parent, parent);
        return late;
    }

    private static void End(TailBuffer tail, Activity span, TimeSpan took = default)
    {
        span.SetEndTime(span.StartTimeUtc + (took == default ? TimeSpan.FromMilliseconds(1) : took));
        span.Stop();
        tail.Add(span);
    }

    private TailBuffer Tail(int capacity = 20_000, TimeSpan? slow = null) => new(capacity, slow ?? TimeSpan.FromSeconds(1), span =>
    {
        Assert.True(span.Recorded);
        _sent.Enqueue(span.DisplayName);
    });
}
