using System.Diagnostics;

namespace Platform.Embedded.Processes;

/// <summary>
/// Sees to it that a child ends when this program does, however it ends. Linux does it by itself when asked (prctl(2),
/// PR_SET_PDEATHSIG), Windows too (a job object); elsewhere a small shell waits for this program's end.
/// </summary>
internal static class Orphanage
{
    /// <summary>For tests of the shell on Linux, where it would not be used.</summary>
    private const string WatchVariable = "PLATFORM_ORPHAN_WATCH";

    private static readonly string? SetPriv = ExecutablePath.Find("setpriv");
    private static readonly string? SetSid = ExecutablePath.Find("setsid");
    private static readonly string? Perl = ExecutablePath.Find("perl");
    private static readonly bool ByKernel = OperatingSystem.IsLinux() && SetPriv is not null && Environment.GetEnvironmentVariable(WatchVariable) != "shell";

    /// <summary>How it is done here.</summary>
    public static string Description => OperatingSystem.IsWindows() ? "ended by a job object when the AppHost is killed"
        : ByKernel ? "ended by the kernel when the AppHost is killed"
        : "ended by a shell that watches the AppHost when it is killed";

    /// <summary>What keeps children from being started, or null.</summary>
    public static string? Problem => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess && SetPriv is null
        ? "Running as root, servers need setpriv (of util-linux) to be started under another account. Install it, or start as an ordinary user."
        : null;

    /// <summary>The command in the wrapping that the operating system needs for it.</summary>
    /// <exception cref="EmbeddedException">The command cannot be run as the account that it should.</exception>
    public static ProcessStartInfo Wrap(ChildCommand command)
    {
        // Each of these replaces itself with the next: the process id stays the child's own.
        List<string> line = [];
        if (!OperatingSystem.IsWindows())
        {
            line.AddRange(SetSid is not null ? [SetSid] : Perl is not null ? [Perl, "-e", "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127"] : []);
        }
        if (ByKernel || command.RunAs is not null)
        {
            line.Add(SetPriv ?? throw new EmbeddedException(Problem!));
            if (ByKernel)
            {
                line.AddRange(["--pdeathsig", Name(command.WhenOrphaned)]);
            }
            if (command.RunAs is { } user)
            {
                line.AddRange([$"--reuid={user.UserId}", $"--regid={user.GroupId}", "--clear-groups"]);
            }
            line.Add("--");
        }
        line.Add(command.FileName);
        line.AddRange(command.Arguments);
        return new ProcessStartInfo(line[0], line.Skip(1));
    }

    /// <summary>What can be done for a process only once it runs.</summary>
    public static void Adopt(Process process, ChildSignal whenOrphaned)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsJob.Add(process);
        }
        else if (!ByKernel)
        {
            OrphanShell.Add(process.Id, Name(whenOrphaned));
        }
    }

    /// <summary>Tells that a process has ended, and that its id may be another's soon.</summary>
    public static void Forget(int processId)
    {
        if (!OperatingSystem.IsWindows() && !ByKernel)
        {
            OrphanShell.Remove(processId);
        }
    }

    private static string Name(ChildSignal signal) => signal switch
    {
        ChildSignal.Interrupt => "INT",
        ChildSignal.Quit => "QUIT",
        ChildSignal.Terminate => "TERM",
        _ => "KILL",
    };
}
