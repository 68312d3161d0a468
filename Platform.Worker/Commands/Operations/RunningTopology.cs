using System.Text.Json;

namespace Platform.Worker.Commands.Operations;

/// <summary>The addresses that the AppHost writes down while everything is ready (docs/run.md, "Files"): an operator beside it need not look them up.</summary>
internal static class RunningTopology
{
    private const string AddressesFile = ".platform/endpoints.json";

    /// <summary>Finds the database of the AppHost that runs in this folder or one above.</summary>
    public static string? Database()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, AddressesFile);
            if (File.Exists(file))
            {
                return Read(file);
            }
        }

        return null;
    }

    private static string? Read(string file)
    {
        try
        {
            using var addresses = JsonDocument.Parse(File.ReadAllText(file));
            return addresses.RootElement.GetProperty("postgres").GetString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Another's, or just being written: as if it were not there.
            return null;
        }
    }
}
