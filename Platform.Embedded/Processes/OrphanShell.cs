using System.Diagnostics;
using System.Globalization;

namespace Platform.Embedded.Processes;

/// <summary>
/// A shell that is told of each child. The pipe to it breaks when this program ends, however it ends; then it signals the
/// children that are left.
/// </summary>
internal static class OrphanShell
{
    // The signals of a terminal reach the shell too, and must not end it before this program.
    private const string Script =
        """
        trap '' INT HUP TERM QUIT
        left=
        while read -r verb id signal; do
          case $verb in
            add) left="$left $signal:$id" ;;
            remove) kept=; for child in $left; do [ "${child#*:}" = "$id" ] || kept="$kept $child"; done; left=$kept ;;
          esac
        done
        for child in $left; do
          kill -s "${child%%:*}" "${child#*:}" 2>/dev/null
        done
        """;

    private static readonly Lock Gate = new();
    private static StreamWriter? _pipe;

    public static void Add(int processId, string signal) => Write(string.Create(CultureInfo.InvariantCulture, $"add {processId} {signal}"));

    public static void Remove(int processId) => Write(string.Create(CultureInfo.InvariantCulture, $"remove {processId}"));

    private static void Write(string line)
    {
        lock (Gate)
        {
            try
            {
                _pipe ??= Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true, WorkingDirectory = "/" })!.StandardInput;
                _pipe.Write(line + "\n");
                _pipe.Flush();
            }
            catch (IOException)
            {
                // Somebody killed it: the next child brings another, which then knows only that one.
                _pipe = null;
            }
        }
    }
}
