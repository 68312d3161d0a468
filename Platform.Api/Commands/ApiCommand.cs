using Platform.Api.FeatureFlags;
using Platform.ServiceDefaults.Commands;

namespace Platform.Api.Commands;

/// <summary>What the API does on the command line instead of serving: <c>Platform.Api -- users add</c>.</summary>
internal abstract class ApiCommand : HostCommand
{
    private static readonly ApiCommand[] Known = [new ClientsCommand(), new FlagsCommand(), new UsersCommand()];

    /// <inheritdoc cref="HostCommand.TryRunAsync"/>
    public static Task<int?> TryRunAsync(string[] arguments, WebApplicationBuilder builder) => TryRunAsync(Known, arguments, builder);

    // A command's own words are what it is called for; logs go on from warnings.
    protected override void Configure(IHostApplicationBuilder builder) => builder.Logging.AddFilter(null, LogLevel.Warning);
}
