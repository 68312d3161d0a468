using System.Threading.Channels;

namespace Platform.Embedded.Output;

/// <summary>
/// Everything that is shown, one line after the other, each of a resource's under its name. Lines are written by a thread of their own: when whoever
/// reads them stops, the engine goes on, and lines that find <see cref="QueueLength"/> others waiting are dropped.
/// </summary>
internal sealed class ConsoleOutput : IAsyncDisposable
{
    private const int QueueLength = 20_000;
    private const string Reset = "\e[0m";
    private static readonly string[] Colours = ["\e[36m", "\e[33m", "\e[32m", "\e[35m", "\e[34m", "\e[96m", "\e[93m", "\e[92m", "\e[95m", "\e[94m"];
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, string> _prefixes = [];
    private readonly Task _writing;
    private readonly TextWriter _writer;

    public ConsoleOutput(IEnumerable<string> names)
        : this(names, Console.Out, !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
    {
    }

    /// <param name="names">The resources, whose names are set off in one column.</param>
    /// <param name="writer">Where the lines go.</param>
    /// <param name="colour">See https://no-color.org: not when NO_COLOR is set, and not outside of a terminal.</param>
    internal ConsoleOutput(IEnumerable<string> names, TextWriter writer, bool colour)
    {
        _writer = writer;
        var all = names.ToList();
        var width = all.Select(name => name.Length).DefaultIfEmpty().Max();
        for (var index = 0; index < all.Count; index++)
        {
            var label = $"{all[index].PadRight(width)} |";
            _prefixes[all[index]] = colour ? $"{Colours[index % Colours.Length]}{label}{Reset} " : $"{label} ";
        }
        _writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Shows a line that a resource wrote.</summary>
    public void Show(string resource, string line) => _lines.Writer.TryWrite(_prefixes[resource] + line);

    /// <summary>Shows a line of the engine's own.</summary>
    public void Say(string line) => _lines.Writer.TryWrite(line);

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(FlushLimit));
    }

    private void Write()
    {
        try
        {
            // Blocks on this thread, which does nothing else.
            while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_lines.Reader.TryRead(out var line))
                {
                    _writer.WriteLine(line);
                }
                _writer.Flush();
            }
        }
        catch (IOException)
        {
            // Nobody reads any more.
            _lines.Writer.TryComplete();
        }
    }
}
