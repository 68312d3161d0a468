using System.Globalization;
using Platform.Embedded.Commands;
using Platform.Embedded.Folders;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Engine;

/// <summary>Where a topology keeps its data. One AppHost at a time holds it, by a lock that goes with the process.</summary>
internal sealed class DataFolder : IDisposable
{
    public const string LockFile = "lock";
    private const string HolderFile = "apphost.pid";
    private readonly FileStream _lock;
    private readonly ThrowawayFolder? _throwaway;

    private DataFolder(string path, ThrowawayFolder? throwaway, string endpointsFile, FileStream fileLock)
    {
        Path = path;
        EndpointsFile = endpointsFile;
        _throwaway = throwaway;
        _lock = fileLock;
    }

    public string Path { get; }

    /// <summary>Where the addresses are written.</summary>
    public string EndpointsFile { get; }

    public bool IsThrowaway => _throwaway is not null;

    /// <exception cref="EmbeddedException">Another AppHost holds the folder.</exception>
    public static DataFolder Open(AppHostProject appHost, AppHostArguments arguments)
    {
        var throwaway = arguments.Ephemeral ? ThrowawayFolder.Create() : null;
        var path = throwaway?.Path ?? OwnedFolder.Create(arguments.DataFolder ?? appHost.DefaultDataFolder, UnixUser.ForServers());
        var endpoints = arguments.EndpointsFile
            ?? (throwaway is null ? System.IO.Path.Combine(appHost.RepositoryRoot, ".platform", "endpoints.json") : System.IO.Path.Combine(path, "endpoints.json"));
        var fileLock = Lock(path);
        File.WriteAllText(System.IO.Path.Combine(path, HolderFile), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new DataFolder(path, throwaway, endpoints, fileLock);
    }

    /// <summary>Takes the lock of a data folder.</summary>
    /// <exception cref="EmbeddedException">Another AppHost holds it.</exception>
    public static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            var holderFile = System.IO.Path.Combine(path, HolderFile);
            var holder = File.Exists(holderFile) ? $" (process {File.ReadAllText(holderFile)})" : "";
            throw new EmbeddedException(
                $"Another AppHost{holder} uses the data in {path}. Stop it, or start this one with --ephemeral or --data <folder>.", exception);
        }
    }

    public void Dispose()
    {
        File.Delete(System.IO.Path.Combine(Path, HolderFile));
        _lock.Dispose();
        _throwaway?.Dispose();
    }
}
