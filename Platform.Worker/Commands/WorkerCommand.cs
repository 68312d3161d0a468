using Platform.ServiceDefaults.Commands;

namespace Platform.Worker.Commands;

/// <summary>What the worker does on the command line instead of serving: <c>Platform.Worker -- migrate</c>.</summary>
internal abstract class WorkerCommand : HostCommand
{
    private static readonly WorkerCommand[] Known = [new MigrateCommand(), new RedactCommand(), new AuditCommand(), new BudgetsCommand()];

    /// <inheritdoc cref="HostCommand.TryRunAsync"/>
    public static Task<int?> TryRunAsync(string[] arguments, WebApplicationBuilder builder) => TryRunAsync(Known, arguments, builder);
}
