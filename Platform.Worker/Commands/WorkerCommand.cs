using Platform.ServiceDefaults.Commands;
using Platform.Worker.Commands.Operations;

namespace Platform.Worker.Commands;

/// <summary>What the worker does on the command line instead of serving: <c>Platform.Worker -- migrate</c>.</summary>
internal abstract class WorkerCommand : HostCommand
{
    private const string Database = "platformdb";

    private static readonly WorkerCommand[] Known =
        [new MigrateCommand(), new DeadLettersCommand(), new SubscriptionsCommand(), new JobsCommand(), new AuditCommand(), new BudgetsCommand(), new RedactCommand(), new SubjectsCommand(), new ColumnsCommand(), new SecretsCommand()];

    /// <summary>
    /// Sets what operators' commands need: the database of the AppHost beside them where none is named, and no retries, since someone waits for the answer.
    /// </summary>
    public static void Prepare(string[] arguments, IConfigurationManager configuration)
    {
        if (arguments is not [var name, ..] || !Array.Exists(Known, known => known is OperatorCommand && name == known.Name))
        {
            return;
        }

        configuration["Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:DisableRetry"] = "true";
        if (configuration.GetConnectionString(Database) is null && RunningTopology.Database() is { } beside)
        {
            configuration[$"ConnectionStrings:{Database}"] = beside;
        }
    }

    /// <inheritdoc cref="HostCommand.TryRunAsync"/>
    public static Task<int?> TryRunAsync(string[] arguments, WebApplicationBuilder builder) => TryRunAsync(Known, arguments, builder);
}
