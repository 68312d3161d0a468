using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>The programs that peers run in. Wolverine and Rebus are outside the solution and are built here, when the suite runs.</summary>
internal static class PeerPrograms
{
    internal enum Program
    {
        Own,
        Wolverine,
        Rebus,
    }

    private static string Bench { get; } = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    public static string PathOf(Program program) => program is Program.Own
        ? typeof(PeerPrograms).Assembly.Location
        : Path.Combine(Folder(program), "bin/Release/net10.0", $"Platform.Benchmarks.{program}.dll");

    /// <summary>Builds a peer's program if a source of it is newer.</summary>
    /// <exception cref="InvalidOperationException">It does not build; the message holds the compiler's.</exception>
    public static async Task BuildAsync(Program program, CancellationToken cancellationToken)
    {
        var built = File.GetLastWriteTimeUtc(PathOf(program));
        if (Sources(program).All(source => File.GetLastWriteTimeUtc(source) < built))
        {
            return;
        }

        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", Folder(program), "-c", "Release", "-v", "q", "--nologo"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await build.StandardOutput.ReadToEndAsync(cancellationToken);
        await build.WaitForExitAsync(cancellationToken);
        if (build.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Folder(program)} does not build:\n{output}");
        }
    }

    private static IEnumerable<string> Sources(Program program) =>
        Directory.EnumerateFiles(Folder(program), "*.cs").Concat(Directory.EnumerateFiles(Folder(program), "*.csproj"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Bench, "Platform.Benchmarks/Outbox/Contract"), "*.cs"));

    private static string Folder(Program program) => Path.Combine(Bench, $"Platform.Benchmarks.{program}");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
