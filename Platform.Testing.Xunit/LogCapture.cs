using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Platform.Testing.Xunit;

/// <summary>Collects what a host logs. Thread safe; 10,000 lines at most.</summary>
/// <example><code>
/// var logs = new LogCapture();
/// builder.Logging.AddProvider(logs);
/// // ...
/// Assert.Contains(logs.Lines, line => line is { Level: LogLevel.Error, Template: "Breaker {Breaker} opened for {Seconds:F1} s (order: {Order})" });
/// </code></example>
[ProviderAlias("Capture")]
public sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private const int MaxLines = 10_000;
    private const string TemplateName = "{OriginalFormat}";

    private readonly ConcurrentQueue<CapturedLine> _lines = new();
    private IExternalScopeProvider? _scopes;

    /// <summary>What was logged so far.</summary>
    public IReadOnlyList<CapturedLine> Lines => [.. _lines];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    /// <summary>Nothing: what was collected can be read on after the host's end.</summary>
    public void Dispose()
    {
    }

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => capture._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (capture._lines.Count >= MaxLines)
            {
                return;
            }

            var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
            capture._scopes?.ForEachScope(static (scope, fields) => Add(scope, fields), fields);
            Add(state, fields);
            fields.Remove(TemplateName, out var template);
            capture._lines.Enqueue(new(
                logLevel, category, formatter(state, exception), template as string, fields, exception, Activity.Current?.TraceId.ToHexString()));
        }

        private static void Add(object? named, Dictionary<string, object?> fields)
        {
            foreach (var (name, value) in named as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                fields[name] = value;
            }
        }
    }
}

/// <summary>A line that was logged.</summary>
/// <param name="Level">How severe it is.</param>
/// <param name="Category">The logger's name.</param>
/// <param name="Message">The text with its values.</param>
/// <param name="Template">The text without them; <see langword="null"/> where the call had none.</param>
/// <param name="Fields">The values by their names, those of scopes among them.</param>
/// <param name="Exception">What was thrown.</param>
/// <param name="TraceId">The trace in which it was logged, 32 hexadecimal digits.</param>
public sealed record CapturedLine(
    LogLevel Level, string Category, string Message, string? Template, IReadOnlyDictionary<string, object?> Fields, Exception? Exception, string? TraceId);
