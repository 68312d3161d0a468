using System.Diagnostics;
using Platform.Api.Tests.Support;

namespace Platform.Api.Tests.Contracts;

/// <summary>The committed document is clean by Spectral's rules and those of <c>.spectral.yaml</c>.</summary>
public sealed class LintTests
{
    [Fact]
    public async Task Document_is_lint_clean()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "spectral");
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            await RunAsync(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error");
        }

        await RunAsync(
            folder, Path.Combine(folder, "node_modules", ".bin", "spectral"), "lint", CommittedContract.FilePath, "--ruleset", ".spectral.yaml", "--fail-severity=hint");
    }

    private static async Task RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
