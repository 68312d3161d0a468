using System.Diagnostics;
using Platform.ServiceDefaults.Telemetry.Sampling;
using StackExchange.Redis.Profiling;

namespace Platform.ServiceDefaults.Redis;

/// <summary>The commands of Redis that were sent within a span.</summary>
internal sealed class SpanCommands
{
    private const string Property = "platform.redis";

    // Of a loop over thousands of keys the first so many tell enough.
    private const int MaxOfOneSpan = 500;

    private static readonly Lock Gate = new();

    private readonly ProfilingSession _session = new();
    private readonly Activity _span;
    private int _sent;

    private SpanCommands(Activity span) => _span = span;

    public static SpanCommands? Of(Activity span) => span.GetCustomProperty(Property) as SpanCommands;

    /// <summary>Where the next command of the span is noted; <see langword="null"/> past the limit.</summary>
    public static ProfilingSession? Next(Activity span)
    {
        var commands = Of(span) ?? Add(span);
        return Interlocked.Increment(ref commands._sent) <= MaxOfOneSpan ? commands._session : null;
    }

    /// <summary>Makes spans of the commands that were answered. What comes later was not waited for by anybody.</summary>
    public void Report()
    {
        foreach (var command in _session.FinishProfiling())
        {
            if (RedisTelemetry.Report(command, _span) is { } span)
            {
                span.SetCustomProperty(TailBuffer.Parent, _span);
                span.Start();
                span.SetEndTime(span.StartTimeUtc + command.ElapsedTime);
                span.Stop();
            }
        }
    }

    private static SpanCommands Add(Activity span)
    {
        lock (Gate)
        {
            if (Of(span) is not { } commands)
            {
                commands = new SpanCommands(span);
                span.SetCustomProperty(Property, commands);
            }

            return commands;
        }
    }
}
