using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Platform.Benchmarks;

/// <summary>What a suite measured, on which machine and of which commit.</summary>
internal static class ResultsFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The root of the repository.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Writes the figures over those of the last run.</summary>
    /// <returns>The path of the file.</returns>
    public static async Task<string> WriteAsync(string suite, IReadOnlyDictionary<string, double> figures, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(RepositoryRoot, "bench", "results")).FullName;
        var path = Path.Combine(folder, $"{suite}.json");
        var content = new { suite, machine = Machine(), commit = await CommitAsync(cancellationToken), figures };
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(content, Indented) + "\n", cancellationToken);
        return path;
    }

    private static string Machine()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var model = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores{(model is null ? "" : $" of {model}")}, {memory:0} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    private static async Task<string> CommitAsync(CancellationToken cancellationToken)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", RepositoryRoot, "rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true })!;
        var commit = await git.StandardOutput.ReadToEndAsync(cancellationToken);
        await git.WaitForExitAsync(cancellationToken);
        return commit.Trim();
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Platform.sln")))
            {
                return folder;
            }
        }
        return Environment.CurrentDirectory;
    }
}
