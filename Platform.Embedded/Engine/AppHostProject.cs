using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Embedded.Engine;

/// <summary>The project that describes the topology.</summary>
/// <param name="Name">The name of its program.</param>
/// <param name="Folder">Where its project file is.</param>
internal sealed record AppHostProject(string Name, string Folder)
{
    /// <summary>The attribute that Platform.Embedded.AppHost.targets gives the AppHost.</summary>
    private const string FolderKey = "Platform.Embedded.AppHostFolder";

    /// <summary>The root of the repository that it is in; its own folder where there is none.</summary>
    public string RepositoryRoot
    {
        get
        {
            for (var folder = Folder; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                // A work tree has a file of this name, a clone a folder.
                if (Path.Exists(Path.Combine(folder, ".git")))
                {
                    return folder;
                }
            }
            return Folder;
        }
    }

    /// <summary>
    /// Where the data is unless the arguments say otherwise: a folder for the user, and in it one for this AppHost by name
    /// and place, so that two clones do not share data. As root it is below /var/lib, which the account of the servers can reach.
    /// </summary>
    public string DefaultDataFolder
    {
        get
        {
            var place = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Folder)))[..8];
            return Path.Combine(UserFolder, "platform", $"{Name.ToLowerInvariant()}-{place}");
        }
    }

    // XDG Base Directory Specification: $XDG_DATA_HOME, by default ~/.local/share. .NET gives the usual folder elsewhere.
    private static string UserFolder =>
        Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } chosen ? chosen
        : OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? "/var/lib"
        : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);

    public static AppHostProject Find()
    {
        var assembly = Assembly.GetEntryAssembly() ?? throw new EmbeddedException("There is no program that this engine runs in.");
        var folder = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == FolderKey)?.Value;
        return new AppHostProject(assembly.GetName().Name!, folder is null ? Environment.CurrentDirectory : Path.TrimEndingDirectorySeparator(folder));
    }
}
