using System.Globalization;
using Platform.Embedded.Folders;
using Platform.Embedded.Processes;

namespace Platform.Testing;

/// <summary>A small file system of its own, so that a server's disk can be filled. Needs the right to mount: root, or <c>sudo</c> without a password.</summary>
public sealed class LimitedDisk : IAsyncDisposable
{
    private const int Chunk = 64 * 1024;

    private readonly ThrowawayFolder _folder;

    private LimitedDisk(ThrowawayFolder folder) => _folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Path => System.IO.Path.Combine(_folder.Path, "disk");

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <exception cref="InvalidOperationException">Nothing may be mounted here.</exception>
    public static async Task<LimitedDisk> MountAsync(int megabytes)
    {
        var disk = new LimitedDisk(ThrowawayFolder.Create());
        Directory.CreateDirectory(disk.Path);
        var size = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m,mode=0777");
        await RunAsync("mount", "-t", "tmpfs", "-o", size, "tmpfs", disk.Path);
        return disk;
    }

    /// <summary>Fills it.</summary>
    /// <param name="leave">Bytes that stay free.</param>
    public void Fill(long leave = 0)
    {
        var chunk = new byte[Chunk];
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (new DriveInfo(Path).AvailableFreeSpace > leave)
            {
                file.Write(chunk);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Path);
        _folder.Dispose();
    }

    private static async Task RunAsync(params string[] command)
    {
        string[] whole = Environment.IsPrivilegedProcess ? command : ["sudo", "-n", .. command];
        var (exitCode, output) = await ChildProcess.RunAsync(
            new ChildCommand(ExecutablePath.Find(whole[0]) ?? throw new InvalidOperationException($"There is no {whole[0]}."), whole[1..]), CancellationToken.None);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', whole)} failed: {output}");
        }
    }
}
