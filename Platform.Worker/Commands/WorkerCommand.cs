using System.Runtime.InteropServices;
using Platform.Worker.Commands.Operations;

namespace Platform.Worker.Commands;

/// <summary>One thing that the worker does on the command line instead of serving: <c>Platform.Worker -- migrate</c>.</summary>
internal abstract partial class WorkerCommand
{
    private const int Failed = 1;
    private const int UsageError = 2;

    private static readonly WorkerCommand[] Known = [new MigrateCommand(), new DeadLettersCommand(), new SubscriptionsCommand(), new JobsCommand(), new RedactCommand()];

    /// <summary>The word that calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>Whether an operator waits for the answer: then a database that is away is said at once rather than tried for a minute.</summary>
    public static bool AnswersAtOnce(string[] arguments) => Array.Exists(Known, known => known is OperatorCommand && arguments is [var name, ..] && name == known.Name);

    /// <summary>Runs the command that the arguments name, if they name one.</summary>
    /// <param name="arguments">Of the process. A command is the first word, before any option.</param>
    /// <param name="builder">The worker's own services; never started, so nothing listens and nothing is consumed.</param>
    /// <returns>The exit code (0 done, 1 failed, 2 no such command), or null where the worker is to serve.</returns>
    public static async Task<int?> TryRunAsync(string[] arguments, WebApplicationBuilder builder)
    {
        if (arguments is not [var name, ..] || name.StartsWith('-'))
        {
            return null;
        }

        if (Array.Find(Known, known => known.Name == name) is not { } command)
        {
            await Console.Error.WriteLineAsync($"There is no command '{name}'. Commands:");
            foreach (var known in Known)
            {
                await Console.Error.WriteLineAsync($"  {known.Name,-14} {known.Summary}");
            }

            return UsageError;
        }

        // A host that is not started handles no signals, and a program that does not handle SIGTERM ends without cleaning up.
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);

        command.Configure(builder);
        await using var app = builder.Build();
        try
        {
            return await command.RunAsync(app.Services, arguments[1..], stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Failed;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.CommandFailed(app.Logger, name, e);
            return Failed;
        }

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Adds services that only this command needs.</summary>
    protected virtual void Configure(IHostApplicationBuilder builder)
    {
    }

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "The command {Command} failed")]
        public static partial void CommandFailed(ILogger logger, string command, Exception exception);
    }
}
