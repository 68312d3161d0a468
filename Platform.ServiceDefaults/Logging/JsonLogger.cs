using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Logging;

internal sealed class JsonLogger(JsonLoggerProvider provider, LineQueue queue, string category) : ILogger
{
    private static readonly TimeSpan CriticalLimit = TimeSpan.FromSeconds(1);

    private readonly JsonEncodedText _category = LogLine.Encode(category);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes?.Push(state);

    // Levels are the factory's matter: it does not call a logger that is filtered out.
    public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        if (logLevel >= LogLevel.Warning && !provider.Storms.Admits(logLevel, category, eventId, LogFields.Template(state), exception?.GetType()))
        {
            Telemetry.Collapsed();
            return;
        }

        var line = LogLine.Rent();
        try
        {
            line.Write(provider, _category, logLevel, eventId, state, exception, formatter);
            queue.Add(line.Bytes, important: logLevel >= LogLevel.Warning);
        }
#pragma warning disable CA1031 // Whatever is wrong with what is logged, it is not the caller's work that fails.
        catch (Exception)
#pragma warning restore CA1031
        {
            queue.CountDropped();
        }
        finally
        {
            LogLine.Return(line);
        }

        if (logLevel is LogLevel.Critical)
        {
            queue.Flush(CriticalLimit);
        }
    }
}
