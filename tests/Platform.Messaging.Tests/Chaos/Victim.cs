using System.Diagnostics;

namespace Platform.Messaging.Tests.Chaos;

/// <summary>A process of Platform.Messaging.Victim.</summary>
internal sealed class Victim : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly Process _process;

    private Victim(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static Task<Victim> StartAsync(params string[] arguments) => StartAsync(new Dictionary<string, string>(), arguments);

    public static async Task<Victim> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "victim", "Platform.Messaging.Victim.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var victim = new Victim(process);
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            return await process.StandardOutput.ReadLineAsync(limit.Token) == "ready" ? victim : throw new InvalidOperationException($"{program} did not start.");
        }
        catch
        {
            victim.Dispose();
            throw;
        }
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
