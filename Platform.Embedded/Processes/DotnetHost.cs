namespace Platform.Embedded.Processes;

/// <summary>The <c>dotnet</c> program that runs built projects.</summary>
internal static class DotnetHost
{
    /// <summary>The one that runs this program, if it is one; otherwise the one that started it, or the first on PATH.</summary>
    public static string Path { get; } =
        IsDotnet(Environment.ProcessPath) ? Environment.ProcessPath!
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } started ? started
        : ExecutablePath.Find("dotnet") ?? "dotnet";

    private static bool IsDotnet(string? path) => System.IO.Path.GetFileNameWithoutExtension(path) == "dotnet";
}
