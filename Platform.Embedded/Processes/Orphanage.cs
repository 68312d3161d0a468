using System.Diagnostics;

namespace Platform.Embedded.Processes;

/// <summary>Sees to it that a child ends when this program does, however it ends.</summary>
internal static class Orphanage
{
    private static readonly string? SetPriv = ExecutablePath.Find("setpriv");
    private static readonly string? SetSid = ExecutablePath.Find("setsid");

    /// <summary>The command in the wrapping that the operating system needs for it.</summary>
    public static ProcessStartInfo Wrap(ChildCommand command)
    {
        // setsid(1) and setpriv(1) of util-linux replace themselves with the program: the process id stays the child's own.
        List<string> line = [];
        if (SetSid is not null)
        {
            line.Add(SetSid);
        }
        if (SetPriv is not null)
        {
            line.AddRange([SetPriv, "--pdeathsig", SignalName(command.WhenOrphaned)]);
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
    public static void Adopt(Process process)
    {
    }

    private static string SignalName(ChildSignal signal) => signal switch
    {
        ChildSignal.Interrupt => "INT",
        ChildSignal.Quit => "QUIT",
        ChildSignal.Terminate => "TERM",
        _ => "KILL",
    };
}
