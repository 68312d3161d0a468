using Platform.Contracts.Model;

namespace Platform.Api.Tests.Support;

/// <summary>What clients were promised: the document and the client that are committed.</summary>
internal static class CommittedContract
{
    public static string Root { get; } = FindRoot();

    public static string FilePath { get; } = Path.Combine(Root, "docs", "openapi", "v1.json");

    public static string ClientFolder { get; } = Path.Combine(Root, "clients", "Platform.Client", "Generated");

    public static ContractDocument Document { get; } = ContractDocument.Parse(File.ReadAllBytes(FilePath));

    /// <summary>Set to <c>1</c> to write what is committed anew, to <c>breaking</c> also where that breaks clients.</summary>
    public static string? Update { get; } = Environment.GetEnvironmentVariable("PLATFORM_UPDATE_DOCUMENTS");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("There is no Platform.sln above the tests.");
        }

        return folder.FullName;
    }
}
