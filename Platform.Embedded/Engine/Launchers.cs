using Platform.Embedded.Output;

namespace Platform.Embedded.Engine;

/// <summary>Chooses how each kind of resource is run, and where its data is.</summary>
internal sealed class Launchers(DistributedApplicationBuilder builder, DataFolder data, ProcessRecord record, ConsoleOutput output, PortPlan ports)
{
    /// <summary>Null for what does not run by itself.</summary>
    public ILauncher? For(Resource resource) => resource switch
    {
        ProjectResource project => new ProjectLauncher(project, builder.Environment.EnvironmentName, record, output, () => ports.Release(project)),
        RedisResource redis => new RedisLauncher(redis, Folder(redis), record, output, () => ports.Release(redis)),
        PostgresServerResource postgres => For(postgres),
        _ => null,
    };

    private PostgresLauncher For(PostgresServerResource postgres)
    {
        var password = postgres.Password?.Value
            ?? builder.Secrets.GetOrAdd($"Parameters:{postgres.Name}-password", new GenerateParameterDefault { Special = false }.GetDefaultValue);
        postgres.Address = new PostgresAddress(ports.Hold(postgres, data.IsThrowaway ? null : postgres.ChosenPort), postgres.UserName?.Value ?? "postgres", password);
        var folder = Folder(postgres);
        // A package once brought by npm serves every data folder of the user's.
        return new PostgresLauncher(postgres, folder, Path.GetDirectoryName(builder.AppHost.DefaultDataFolder)!, output, () => ports.Release(postgres));
    }

    private string Folder(ContainerResource server)
    {
        var folder = Path.Combine(data.Path, server.Name);
        if (!server.KeepsData && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        return folder;
    }
}
