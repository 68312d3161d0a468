using System.Text.Json;
using Microsoft.Extensions.Logging;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Logging;

/// <summary>
/// Writes one JSON object a line. The framework's own JSON console costs more than twice the CPU of the request it logs; this one
/// formats into a buffer of the calling thread and leaves the writing to one thread of its own.
/// </summary>
[ProviderAlias("Console")]
internal sealed class JsonLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(2);

    private readonly LineQueue _queue;

    private readonly Redactors? _redactors;

    public JsonLoggerProvider(string serviceName, LoggingOptions options, TimeProvider time, Stream output, Redactors? redactors = null)
    {
        _redactors = redactors;
        Service = LogLine.Encode(serviceName);
        MaxLineBytes = options.MaxLineBytes;
        Time = time;
        _queue = new LineQueue(output, options.QueueBytes, time);
        Storms = new LogStorms(options.StormThreshold, options.StormWindow, time, TellOfStorm);

        // A process that dies of an exception, or ends without disposing its host, has the most to tell.
        AppDomain.CurrentDomain.UnhandledException += OnExit;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public JsonEncodedText Service { get; }

    public int MaxLineBytes { get; }

    public Redactor Redactor => _redactors?.For(RedactionAudience.Telemetry) ?? Redactor.Default;

    public TimeProvider Time { get; }

    public LogStorms Storms { get; }

    public IExternalScopeProvider? Scopes { get; private set; }

    public ILogger CreateLogger(string categoryName) => new JsonLogger(this, _queue, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnExit;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Storms.Dispose();
        _queue.Dispose();
    }

    private void TellOfStorm(LogLevel level, string category, string? template, long more)
    {
        var line = LogLine.Rent();
        try
        {
            line.WriteRepeated(this, LogLine.Encode(category), level, template, more);
            _queue.Add(line.Bytes, important: true);
        }
        finally
        {
            LogLine.Return(line);
        }
    }

    private void OnExit(object? sender, EventArgs e) => _queue.Flush(ExitLimit);
}
