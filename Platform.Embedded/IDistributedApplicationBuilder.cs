using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Platform.Embedded;

/// <summary>The topology while it is described.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>The folder of the AppHost's project.</summary>
    string AppHostDirectory { get; }

    /// <summary>appsettings.json beside the AppHost's project, and the environment. Parameters are in the section <c>Parameters</c>.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The environment, <c>Development</c> unless <c>DOTNET_ENVIRONMENT</c> or <c>ASPNETCORE_ENVIRONMENT</c> says another.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Ends the description.</summary>
    DistributedApplication Build();
}
