using System.Text;

namespace Platform.Embedded.Processes;

/// <summary>Turns what a process writes into lines. A line longer than <see cref="MaxLength"/> characters comes in pieces.</summary>
internal static class LinePump
{
    public const int MaxLength = 16 * 1024;

    public static async Task RunAsync(StreamReader reader, Action<string> output)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        try
        {
            int read;
            while ((read = await reader.ReadAsync(buffer)) > 0)
            {
                foreach (var character in buffer.AsMemory(0, read).Span)
                {
                    if (character == '\n')
                    {
                        Flush(line, output);
                        continue;
                    }
                    if (line.Length == MaxLength)
                    {
                        Flush(line, output);
                    }
                    line.Append(character);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process is gone and its pipe with it.
        }
        if (line.Length > 0)
        {
            Flush(line, output);
        }
    }

    private static void Flush(StringBuilder line, Action<string> output)
    {
        if (line.Length > 0 && line[^1] == '\r')
        {
            line.Length--;
        }
        output(line.ToString());
        line.Clear();
    }
}
