using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Platform.Benchmarks.Start;

/// <summary>One start and stop of Platform.AppHost as a person would do it.</summary>
/// <param name="Ready">Seconds from the command to the line that says that all is ready.</param>
/// <param name="Stop">Seconds from the wish to stop to the end of the command.</param>
internal sealed record AppHostRun(double Ready, double Stop)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static string Project => Path.Combine(ResultsFile.RepositoryRoot, "Platform.AppHost");

    /// <exception cref="InvalidOperationException">It does not build.</exception>
    public static async Task BuildAsync(CancellationToken cancellationToken)
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", Project, "--nologo", "-v", "quiet"]))!;
        await build.WaitForExitAsync(cancellationToken);
        if (build.ExitCode != 0)
        {
            throw new InvalidOperationException("Platform.AppHost does not build.");
        }
    }

    /// <exception cref="InvalidOperationException">It ends before it is ready.</exception>
    public static async Task<AppHostRun> RunAsync(string folder, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var time = TimeProvider.System;
        var endpoints = Path.Combine(folder, "endpoints.json");
        var start = time.GetTimestamp();
        using var run = Process.Start(new ProcessStartInfo("dotnet", ["run", "--project", Project, "--", "--data", Path.Combine(folder, "data"), "--endpoints", endpoints])
        {
            RedirectStandardOutput = true,
        })!;

        var ready = 0.0;
        List<string> lines = [];
        while (ready == 0)
        {
            var line = await run.StandardOutput.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException($"The AppHost ended before it was ready:\n{string.Join('\n', lines.TakeLast(20))}");
            lines.Add(line);
            if (line.StartsWith("ready in ", StringComparison.Ordinal))
            {
                ready = time.GetElapsedTime(start).TotalSeconds;
            }
        }
        var rest = run.StandardOutput.ReadToEndAsync(limit.Token);
        var asked = time.GetTimestamp();
        await TerminateAsync(endpoints, limit.Token);
        await run.WaitForExitAsync(limit.Token);
        await rest;
        return new AppHostRun(ready, time.GetElapsedTime(asked).TotalSeconds);
    }

    /// <summary>Asks the AppHost itself, as a terminal's Ctrl+C would: dotnet run only waits for it.</summary>
    private static async Task TerminateAsync(string endpoints, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(endpoints, cancellationToken));
        var id = document.RootElement.GetProperty("pid").GetInt32().ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("kill", ["-s", "TERM", id]);
        await kill.WaitForExitAsync(cancellationToken);
    }
}
