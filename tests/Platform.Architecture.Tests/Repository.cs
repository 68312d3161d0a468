using System.Reflection;
using System.Xml.Linq;

namespace Platform.Architecture.Tests;

internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PlatformRoot").Value!;

    /// <summary>The .csproj files of the product: everything but tests and benchmarks, by name.</summary>
    public static IReadOnlyDictionary<string, string> Projects { get; } =
        Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Where(path => Part(path, 0) is var top && (top.StartsWith("Platform.", StringComparison.Ordinal) || top == "samples"))
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);

    /// <summary>The C# files of the product that a person wrote.</summary>
    public static IEnumerable<string> Sources() =>
        Projects.Values
            .SelectMany(project => Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories))
            .Where(path => !Relative(path).Split('/').Any(part => part is "obj" or "bin" or "Migrations" or "node_modules"));

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    public static IEnumerable<string> ReferencesOf(string project) => Items(project, "ProjectReference")
        .Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')));

    public static IEnumerable<string> PackagesOf(string project) => Items(project, "PackageReference");

    public static IEnumerable<string> FrameworksOf(string project) => Items(project, "FrameworkReference");

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Projects[project]).Descendants(kind).Select(item => item.Attribute("Include")!.Value);

    private static string Part(string path, int index) => Relative(path).Split('/')[index];
}
