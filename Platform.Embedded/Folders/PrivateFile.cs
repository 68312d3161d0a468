using Platform.Embedded.Processes;

namespace Platform.Embedded.Folders;

/// <summary>Files with secrets: readable by one account only, from the moment they exist.</summary>
internal static class PrivateFile
{
    /// <summary>Writes the file anew, mode 0600. A reader sees the old content or the new one, never a part.</summary>
    public static void Write(string path, string content, UnixUser? owner)
    {
        var unfinished = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        File.Delete(unfinished);
        using (var writer = new StreamWriter(unfinished, options))
        {
            writer.Write(content);
        }
        OwnedFolder.Give(unfinished, owner);
        File.Move(unfinished, path, overwrite: true);
    }
}
