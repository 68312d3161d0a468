using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Testing;

/// <summary>Programs for Node in a folder beside the test program, with the packages that its lock file names.</summary>
public sealed class NodeFolder
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // npm cannot install into one folder twice at once, and test classes run beside each other.
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Installed = new(StringComparer.Ordinal);

    private readonly string _folder;

    /// <param name="path">The folder, under that of the test program, or a full path.</param>
    public NodeFolder(params string[] path) => _folder = Path.Combine([AppContext.BaseDirectory, .. path]);

    /// <summary>Runs a program with the folder as its own, after the packages are there, and returns what it printed.</summary>
    /// <param name="program">On the path, or under the folder: <c>node_modules/.bin/spectral</c>.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0; the message is what it printed.</exception>
    /// <exception cref="OperationCanceledException">It took longer than 3 minutes, or was to stop.</exception>
    public async Task<string> RunAsync(string program, string[] arguments, string input = "", CancellationToken cancellationToken = default)
    {
        await Installed.GetOrAdd(_folder, folder => new Lazy<Task>(() => InstallAsync(folder))).Value;
        return await RunInAsync(_folder, program, arguments, input, cancellationToken);
    }

    private static async Task InstallAsync(string folder)
    {
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        var wanted = new FileInfo(Path.Combine(folder, "package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < wanted.LastWriteTimeUtc)
        {
            await RunInAsync(folder, "npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], "", CancellationToken.None);
        }
    }

    private static async Task<string> RunInAsync(string folder, string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        var path = program.Contains('/', StringComparison.Ordinal) ? Path.Combine(folder, program) : program;
        var start = new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.\n{await output}{await error}");
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
