using Microsoft.Extensions.Logging;

namespace Platform.Messaging.Tests.Support;

/// <summary>Writes the log to the output of the test that caused it.</summary>
internal sealed class TestLog : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (TestContext.Current.TestOutputHelper is { } output && category.StartsWith("Platform", StringComparison.Ordinal))
            {
                try
                {
                    output.WriteLine($"{TimeProvider.System.GetUtcNow():mm:ss.fff} {logLevel} {formatter(state, exception)} {exception}");
                }
                catch (InvalidOperationException)
                {
                    // The test is over.
                }
            }
        }
    }
}
