using Platform.Embedded.Engine;

namespace Platform.Embedded.Commands;

/// <summary>Removes a topology's data.</summary>
internal static class Reset
{
    public static int Run(DistributedApplicationBuilder builder, AppHostArguments arguments, TextWriter writer)
    {
        var folder = arguments.DataFolder ?? builder.AppHost.DefaultDataFolder;
        if (!Directory.Exists(folder))
        {
            writer.WriteLine($"There is no data in {folder}.");
            return 0;
        }
        // A folder that was named by mistake has no lock file.
        if (!File.Exists(Path.Combine(folder, DataFolder.LockFile)))
        {
            throw new EmbeddedException($"{folder} is not a data folder of an AppHost: nothing was removed.");
        }
        using (DataFolder.Lock(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        writer.WriteLine($"The data in {folder} is removed. The next start begins with empty data.");
        return 0;
    }
}
