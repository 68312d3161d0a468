using System.Diagnostics;
using OpenTelemetry;

namespace Platform.ServiceDefaults.Redis;

/// <summary>Turns the commands that were sent within a span into spans below it, when that ends.</summary>
internal sealed class RedisSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (SpanCommands.Of(data) is { } commands)
        {
            commands.Report();
        }
    }
}
