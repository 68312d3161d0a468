using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Platform.Embedded.Engine;

/// <summary>What the AppHost runs as. This engine is for development, so that is what it is when nothing is said.</summary>
internal sealed class AppHostEnvironment(AppHostProject appHost) : IHostEnvironment
{
    public string EnvironmentName { get; set; } =
        Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
        ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
        ?? Environments.Development;

    public string ApplicationName { get; set; } = appHost.Name;

    public string ContentRootPath { get; set; } = appHost.Folder;

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
