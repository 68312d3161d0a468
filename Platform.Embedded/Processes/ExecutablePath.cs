namespace Platform.Embedded.Processes;

/// <summary>Finds programs.</summary>
internal static class ExecutablePath
{
    private static readonly string[] WindowsExtensions = [".exe", ".cmd"];

    /// <summary>The path of a program on PATH, or null.</summary>
    public static string? Find(string name)
    {
        // The folders of an administrator are not on every user's PATH.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] more = OperatingSystem.IsWindows() ? [] : ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];
        return folders.Concat(more).Select(folder => In(folder, name)).FirstOrDefault(path => path is not null);
    }

    /// <summary>The path of a program in one folder, or null.</summary>
    public static string? In(string folder, string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            var path = Path.Combine(folder, name);
            return File.Exists(path) ? path : null;
        }
        return WindowsExtensions.Select(extension => Path.Combine(folder, name + extension)).FirstOrDefault(File.Exists);
    }
}
