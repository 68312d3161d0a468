using Platform.ServiceDefaults.Commands;
using Platform.Worker.Commands.Operations;

namespace Platform.Worker.Commands;

/// <summary>What the worker does on the command line instead of serving: <c>Platform.Worker -- migrate</c>.</summary>
internal abstract class WorkerCommand : HostCommand
{
    private static readonly WorkerCommand[] Known =
        [new MigrateCommand(), new DeadLettersCommand(), new SubscriptionsCommand(), new JobsCommand(), new RedactCommand()];

    /// <summary>Whether an operator waits for the answer: then a database that is away is said at once rather than tried for a minute.</summary>
    public static bool AnswersAtOnce(string[] arguments) => Array.Exists(Known, known => known is OperatorCommand && arguments is [var name, ..] && name == known.Name);

    /// <inheritdoc cref="HostCommand.TryRunAsync"/>
    public static Task<int?> TryRunAsync(string[] arguments, WebApplicationBuilder builder) => TryRunAsync(Known, arguments, builder);
}
