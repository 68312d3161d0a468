using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Platform.Redaction;

namespace Platform.Worker.Commands;

/// <summary>Copies standard input to standard output without personal data and secrets, see <see cref="RedactionFilter"/>.</summary>
/// <remarks>A filter starts at once and needs neither services nor a database, so it also runs without them being built.</remarks>
internal sealed class RedactCommand : WorkerCommand
{
    private const string Word = "redact";
    private const int Stopped = 1;
    private const nint StandardOutput = 1;

    public override string Name => Word;

    public override string Summary => "copy standard input to standard output without personal data and secrets";

    /// <summary>Runs the filter if the arguments name it, before anything of the worker is made.</summary>
    /// <returns>The exit code, or null where the arguments name something else.</returns>
    public static async Task<int?> TryRunAloneAsync(string[] arguments)
    {
        if (arguments is not [Word, .. var options])
        {
            return null;
        }

        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        try
        {
            return await FilterAsync(options, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Stopped;
        }
        catch (IOException)
        {
            // Whoever reads has gone, as `head` does.
            return Stopped;
        }

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    protected override Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken) =>
        FilterAsync(arguments, cancellationToken);

    // The console's own stream goes on in silence when nobody reads any more; a pipe opened as a file says so.
    private static Stream OpenOutput()
    {
        if (!OperatingSystem.IsWindows())
        {
            var pipe = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek)
            {
                return pipe;
            }
        }

        return Console.OpenStandardOutput();
    }

    private static async Task<int> FilterAsync(string[] options, CancellationToken cancellationToken)
    {
        await using var input = Console.OpenStandardInput();
        await using var output = OpenOutput();
        return await RedactionFilter.RunAsync(options, input, output, Console.Error, cancellationToken);
    }
}
