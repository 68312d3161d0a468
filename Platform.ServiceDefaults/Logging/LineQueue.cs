using System.Globalization;
using System.Text;

namespace Platform.ServiceDefaults.Logging;

/// <summary>
/// Lines on their way to standard output. Callers copy theirs behind the others under a lock, one thread swaps the buffer for an
/// empty one and writes it as a whole: no object a line, one system call a batch.
/// </summary>
/// <remarks>
/// It holds at most <c>capacity</c> bytes. Past that a line is dropped and counted; the log says how many as soon as the reader takes
/// lines again, and so does the counter <c>platform.logging.dropped</c>.
/// </remarks>
internal sealed class LineQueue : IDisposable
{
    private const int InitialBytes = 64 * 1024;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();

    // It waits for milliseconds nearly always: spinning before would cost more than what it waits for.
    private readonly ManualResetEventSlim _hurry = new(initialState: false, spinCount: 0);

    private readonly Stream _output;
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private readonly Thread _writer;

    private byte[] _pending = new byte[InitialBytes];
    private byte[] _spare = new byte[InitialBytes];
    private int _length;
    private long _added;
    private long _written;
    private long _dropped;
    private bool _closed;

    public LineQueue(Stream output, int capacity, TimeProvider time)
    {
        _output = output;
        _capacity = capacity;
        _time = time;
        Telemetry.Start();
        _writer = new Thread(WriteUntilClosed) { IsBackground = true, Name = "log writer" };
        _writer.Start();
    }

    /// <summary>Adds one line with its line feed. Never waits for the output.</summary>
    public void Add(ReadOnlySpan<byte> line, bool important)
    {
        lock (_gate)
        {
            var limit = important ? _capacity : _capacity - (_capacity / 8);
            if (_closed || _length + line.Length > limit)
            {
                CountDropped();
                return;
            }

            if (_length + line.Length > _pending.Length)
            {
                Array.Resize(ref _pending, Math.Min(_capacity, Math.Max(_pending.Length * 2, _length + line.Length)));
            }

            line.CopyTo(_pending.AsSpan(_length));
            _length += line.Length;
            _added += line.Length;
            if (_length == line.Length)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Counts a line that is lost.</summary>
    public void CountDropped()
    {
        Interlocked.Increment(ref _dropped);
        Telemetry.Dropped();
    }

    /// <summary>Waits until what was added before the call is written, for <paramref name="limit"/> at most.</summary>
    /// <returns>Whether it is.</returns>
    public bool Flush(TimeSpan limit)
    {
        var started = _time.GetTimestamp();
        lock (_gate)
        {
            var target = _added;
            while (_written < target)
            {
                var left = limit - _time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                _hurry.Set();
                Monitor.Wait(_gate, left);
            }

            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            Monitor.PulseAll(_gate);
        }

        _hurry.Set();
        if (_writer.Join(CloseLimit))
        {
            _hurry.Dispose();
        }
    }

    private void WriteUntilClosed()
    {
        while (true)
        {
            int length;
            bool closed;
            lock (_gate)
            {
                while (_length == 0 && !_closed)
                {
                    Monitor.Wait(_gate);
                }

                closed = _closed;
                length = _length;
                (_pending, _spare) = (_spare, _pending);
                _length = 0;
            }

            Write(_spare.AsSpan(0, length));
            ReportDropped();
            lock (_gate)
            {
                _written += length;
                Monitor.PulseAll(_gate);
            }

            // A burst made the buffer large; what follows is small again.
            if (_spare.Length > InitialBytes && length < InitialBytes)
            {
                _spare = new byte[InitialBytes];
            }

            if (closed)
            {
                return;
            }

            // Lines of the next moment go out together: a wake-up a line would cost more than the line.
            _hurry.Wait(Gather);
            _hurry.Reset();
        }
    }

    private void ReportDropped()
    {
        var dropped = Interlocked.Exchange(ref _dropped, 0);
        if (dropped > 0)
        {
            var text = dropped.ToString(CultureInfo.InvariantCulture);
            Write(Encoding.UTF8.GetBytes(
                $$"""
                {"timestamp":"{{_time.GetUtcNow().UtcDateTime:O}}","level":"Warning","category":"Platform.ServiceDefaults.Logging",
                """ + $$"""
                "message":"{{text}} log lines were dropped","state":{"dropped":{{text}} } }
                """ + "\n"));
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _output.Write(bytes);
            _output.Flush();
        }
#pragma warning disable CA1031 // The reader is gone or the disk is full: there is nowhere to say it, and the host goes on.
        catch (Exception)
#pragma warning restore CA1031
        {
            Telemetry.WriteFailed();
        }
    }
}
