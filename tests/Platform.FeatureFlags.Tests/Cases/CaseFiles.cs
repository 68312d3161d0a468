namespace Platform.FeatureFlags.Cases;

/// <summary>The files of evaluation cases beside the program.</summary>
internal static class CaseFiles
{
    public static IEnumerable<string> In(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Cases", folder), pattern).Order(StringComparer.Ordinal);
}
