using Platform.ServiceDefaults.Commands;

namespace Platform.GraphQL.Commands;

/// <summary>What the service does on the command line instead of serving: <c>Platform.GraphQL -- documents import</c>.</summary>
internal abstract class GraphQLCommand : HostCommand
{
    private static readonly GraphQLCommand[] Known = [new DocumentsCommand(), new SchemaCommand()];

    /// <inheritdoc cref="HostCommand.TryRunAsync"/>
    public static Task<int?> TryRunAsync(string[] arguments, WebApplicationBuilder builder) => TryRunAsync(Known, arguments, builder);

    // A command's own words are what it is called for; logs go on from warnings.
    protected override void Configure(IHostApplicationBuilder builder) => builder.Logging.AddFilter(null, LogLevel.Warning);
}
