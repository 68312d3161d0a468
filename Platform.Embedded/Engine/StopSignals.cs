using System.Runtime.InteropServices;
using Platform.Embedded.Output;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Engine;

/// <summary>
/// When to stop: Ctrl+C, SIGTERM, a closed terminal, or the end of the <c>dotnet run</c> that started this program. A program
/// of the generic host would be stopped by its lifetime; this one is none, and would die of the signals.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan ParentCheckInterval = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _stop;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly ConsoleOutput _output;

    public StopSignals(ConsoleOutput output, CancellationToken cancellationToken)
    {
        _output = output;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
        }
        if (!OperatingSystem.IsWindows())
        {
            _ = WatchParentAsync();
        }
    }

    /// <summary>Cancelled when everything is to be stopped.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_stop.IsCancellationRequested)
        {
            _output.Say(context.Signal == PosixSignal.SIGINT ? "stopping (Ctrl+C)" : $"stopping ({context.Signal})");
            _stop.Cancel();
        }
    }

    private async Task WatchParentAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var parent = PosixCalls.GetParentProcessId();
        if (!RunningProcess.IsDotnetRun(parent))
        {
            return;
        }
        using var timer = new PeriodicTimer(ParentCheckInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (PosixCalls.GetParentProcessId() != parent)
                {
                    _output.Say("stopping (the dotnet run that started this has ended)");
                    await _stop.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped for another reason.
        }
    }
}
