using System.ComponentModel;
using System.Runtime.InteropServices;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Folders;

/// <summary>Folders that a server under another account works in.</summary>
internal static class OwnedFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// Makes the folder. A private one belongs to <paramref name="owner"/>; others stay this user's, and where there is an
    /// owner they let it pass through.
    /// </summary>
    /// <returns>The full path.</returns>
    /// <exception cref="EmbeddedException">The owner cannot reach the folder.</exception>
    public static string Create(string path, UnixUser? owner, bool isPrivate = false)
    {
        path = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return path;
        }
        var mode = owner is null || isPrivate ? Private : Passable;
        Directory.CreateDirectory(path, mode);
        if (owner is not null)
        {
            RequireReach(path, owner);
            File.SetUnixFileMode(path, mode);
            if (isPrivate)
            {
                Give(path, owner);
            }
        }
        return path;
    }

    /// <summary>Makes <paramref name="owner"/> the owner; nothing happens when it is null.</summary>
    public static void Give(string path, UnixUser? owner)
    {
        if (owner is not null && !OperatingSystem.IsWindows() && PosixCalls.ChangeOwner(path, owner.UserId, owner.GroupId) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Cannot give {path} to {owner.Name}");
        }
    }

    private static void RequireReach(string path, UnixUser owner)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null && !OperatingSystem.IsWindows(); folder = Path.GetDirectoryName(folder))
        {
            if ((File.GetUnixFileMode(folder) & UnixFileMode.OtherExecute) == 0)
            {
                throw new EmbeddedException($"Running as root, servers run as '{owner.Name}', which may not enter {folder}, so the data cannot be in {path}. "
                    + "Name another folder with --data, or start as an ordinary user.");
            }
        }
    }
}
