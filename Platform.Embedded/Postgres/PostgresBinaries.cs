using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Postgres;

/// <summary>A folder with PostgreSQL's programs.</summary>
/// <param name="Folder">Where <c>initdb</c> and <c>postgres</c> are.</param>
/// <param name="MajorVersion">For example 17.</param>
internal sealed partial record PostgresBinaries(string Folder, int MajorVersion)
{
    /// <summary>The variable that names the folder and overrides the search.</summary>
    public const string FolderVariable = "PLATFORM_POSTGRES_BIN";

    /// <summary>The oldest major version that Platform runs on.</summary>
    public const int OldestMajorVersion = 15;

    public string InitDb => ExecutablePath.In(Folder, "initdb")!;

    public string Server => ExecutablePath.In(Folder, "postgres")!;

    /// <summary>
    /// The programs of this machine, best first: the folder in <c>PLATFORM_POSTGRES_BIN</c> and nothing else if it is set;
    /// otherwise PATH, then the folders where Debian, Red Hat, Homebrew and Postgres.app put them, newest first.
    /// </summary>
    /// <exception cref="EmbeddedException">The variable names a folder without them.</exception>
    public static async Task<IReadOnlyList<PostgresBinaries>> FindAllAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen)
        {
            return [await InspectAsync(chosen, cancellationToken)
                ?? throw new EmbeddedException($"{FolderVariable} is {chosen}, which holds no PostgreSQL {OldestMajorVersion} or newer (initdb and postgres).")];
        }

        List<PostgresBinaries> found = [];
        if (ExecutablePath.Find("initdb") is { } initdb && await InspectAsync(Path.GetDirectoryName(initdb)!, cancellationToken) is { } onPath)
        {
            found.Add(onPath);
        }
        List<PostgresBinaries> installed = [];
        foreach (var folder in InstalledFolders())
        {
            if (await InspectAsync(folder, cancellationToken) is { } binaries)
            {
                installed.Add(binaries);
            }
        }
        found.AddRange(installed.OrderByDescending(binaries => binaries.MajorVersion));
        return found;
    }

    /// <summary>The programs in one folder, or null where there are none or they are too old.</summary>
    internal static async Task<PostgresBinaries?> InspectAsync(string folder, CancellationToken cancellationToken)
    {
        if (ExecutablePath.In(folder, "initdb") is null || ExecutablePath.In(folder, "postgres") is not { } server)
        {
            return null;
        }
        var (exitCode, output) = await ChildProcess.RunAsync(new ChildCommand(server, "--version"), cancellationToken);
        var match = MajorVersionPattern().Match(output);
        return exitCode == 0 && match.Success && int.Parse(match.ValueSpan, CultureInfo.InvariantCulture) is >= OldestMajorVersion and var major
            ? new PostgresBinaries(folder, major)
            : null;
    }

    private static IEnumerable<string> InstalledFolders()
    {
        (string Parent, string Pattern)[] places =
        [
            ("/usr/lib/postgresql", "*"),
            ("/usr", "pgsql-*"),
            ("/opt/homebrew/opt", "postgresql@*"),
            ("/usr/local/opt", "postgresql@*"),
            ("/Applications/Postgres.app/Contents/Versions", "*"),
            (Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*"),
        ];
        return places.Where(place => Directory.Exists(place.Parent))
            .SelectMany(place => Directory.EnumerateDirectories(place.Parent, place.Pattern))
            .Select(folder => Path.Combine(folder, "bin"));
    }

    [GeneratedRegex(@"(?<=\(PostgreSQL\) )\d+")]
    private static partial Regex MajorVersionPattern();
}
