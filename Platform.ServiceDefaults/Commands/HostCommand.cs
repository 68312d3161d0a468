using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Commands;

/// <summary>One thing that a host does on the command line instead of serving, such as <c>Platform.Worker -- migrate</c>.</summary>
public abstract partial class HostCommand
{
    /// <summary>The exit code of a command that failed.</summary>
    protected const int Failed = 1;

    /// <summary>The exit code of a command that was called wrongly.</summary>
    protected const int UsageError = 2;

    /// <summary>The word that calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>Runs the command that the arguments name, if they name one.</summary>
    /// <param name="known">The commands of the host.</param>
    /// <param name="arguments">Of the process. A command is the first word, before any option.</param>
    /// <param name="builder">The host's own services; never started, so nothing listens and nothing is consumed.</param>
    /// <returns>The exit code (0 done, 1 failed, 2 called wrongly), or null where the host is to serve.</returns>
    public static async Task<int?> TryRunAsync(IReadOnlyList<HostCommand> known, string[] arguments, WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(builder);
        if (arguments is not [var name, ..] || name.StartsWith('-'))
        {
            return null;
        }

        if (known.FirstOrDefault(candidate => candidate.Name == name) is not { } command)
        {
            await Console.Error.WriteLineAsync($"There is no command '{name}'. Commands:");
            foreach (var candidate in known)
            {
                await Console.Error.WriteLineAsync($"  {candidate.Name,-14} {candidate.Summary}");
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
        catch (CommandUsageException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return UsageError;
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
    /// <param name="builder">The host.</param>
    protected virtual void Configure(IHostApplicationBuilder builder)
    {
    }

    /// <summary>Does it.</summary>
    /// <param name="services">The host's services; make a scope for those that are scoped.</param>
    /// <param name="arguments">What stands after the command's name; see <see cref="CommandArguments"/>.</param>
    /// <param name="cancellationToken">Cancelled by SIGTERM and Ctrl+C.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandUsageException">The arguments make no sense; the message is shown, the exit code is 2.</exception>
    protected abstract Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "The command {Command} failed")]
        public static partial void CommandFailed(ILogger logger, string command, Exception exception);
    }
}
