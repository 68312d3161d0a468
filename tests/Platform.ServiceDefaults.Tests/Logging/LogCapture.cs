using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Platform.ServiceDefaults.Logging;

namespace Platform.ServiceDefaults.Tests.Logging;

/// <summary>The JSON logger behind an ordinary logger factory, over a stream that a test can stop.</summary>
internal sealed class LogCapture : IDisposable
{
    private readonly GatedStream _stream = new();
    private readonly LoggerFactory _factory;

    public LogCapture(LoggingOptions? options = null, TimeProvider? time = null)
    {
        Options = options ?? new LoggingOptions();
        _factory = new LoggerFactory([], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        Provider = new JsonLoggerProvider("shop", Options, time ?? TimeProvider.System, _stream);
        _factory.AddProvider(Provider);
        Logger = _factory.CreateLogger("Shop.Orders");
    }

    public LoggingOptions Options { get; }

    public ILogger Logger { get; }

    public JsonLoggerProvider Provider { get; }

    public GatedStream Stream => _stream;

    /// <summary>Closes the log and returns its lines, split as any reader might split them.</summary>
    public string[] Lines()
    {
        _factory.Dispose();
        return _stream.Text().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public JsonElement[] Parsed() => [.. Lines().Select(line => JsonDocument.Parse(line).RootElement)];

    public JsonElement Single() => Assert.Single(Parsed());

    public void Dispose() => _factory.Dispose();

    internal sealed class GatedStream : Stream
    {
        private readonly MemoryStream _bytes = new();
        private readonly ManualResetEventSlim _open = new(initialState: true);

        public bool Fails { get; set; }

        public int Writes { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Stop() => _open.Reset();

        public void Resume() => _open.Set();

        public string Text()
        {
            lock (_bytes)
            {
                return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(_bytes.ToArray());
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _open.Wait();
            if (Fails)
            {
                throw new IOException("broken pipe");
            }

            lock (_bytes)
            {
                Writes++;
                _bytes.Write(buffer);
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
