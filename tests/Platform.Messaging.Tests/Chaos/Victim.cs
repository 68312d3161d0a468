using System.Diagnostics;

namespace Platform.Messaging.Tests.Chaos;

/// <summary>A process of Platform.Messaging.Victim.</summary>
internal sealed class Victim : IDisposable
{
    private readonly Process _process;

    private Victim(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static async Task<Victim> StartAsync(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "victim", "Platform.Messaging.Victim.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var victim = new Victim(process);
        if (await process.StandardOutput.ReadLineAsync() != "ready")
        {
            victim.Dispose();
            throw new InvalidOperationException($"{program} did not start.");
        }

        return victim;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
    }

    public Task ExitedAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
