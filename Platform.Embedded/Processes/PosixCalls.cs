using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Platform.Embedded.Processes;

/// <summary>The calls of the C library that .NET has no method for.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class PosixCalls
{
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeOwner(string path, uint userId, uint groupId);

    [LibraryImport("libc", EntryPoint = "getppid")]
    internal static partial int GetParentProcessId();
}
