namespace Platform.GraphQL.Tests.Hosting;

internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Platform.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
