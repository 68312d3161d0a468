using Platform.Embedded.Commands;
using Platform.Embedded.Engine;
using Platform.Embedded.Output;

namespace Platform.Embedded;

/// <summary>
/// A topology in Aspire's model, run without a container engine: servers of the machine's own and projects as supervised
/// child processes. See docs/adr/0002 and docs/run.md.
/// </summary>
public sealed class DistributedApplication : IAsyncDisposable, IDisposable
{
    private const int Failed = 1;
    private const int UsageError = 2;
    private readonly DistributedApplicationBuilder _builder;

    internal DistributedApplication(DistributedApplicationBuilder builder) => _builder = builder;

    /// <summary>Begins the description of a topology.</summary>
    /// <param name="args">The program's arguments; docs/run.md lists them.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>
    /// Runs the topology until Ctrl+C, SIGTERM or SIGHUP. The program's exit code becomes 0 then, and 1 when the topology
    /// could not start; what is wrong is written to standard error.
    /// </summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <inheritdoc cref="Run"/>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var arguments = AppHostArguments.Parse(_builder.Arguments);
            Environment.ExitCode = arguments.Command switch
            {
                AppHostCommand.Help => Show(AppHostArguments.Usage),
                AppHostCommand.Doctor => await Doctor.RunAsync(_builder, arguments, Console.Out, cancellationToken),
                AppHostCommand.Reset => Reset.Run(_builder, arguments, Console.Out),
                _ => await StartAsync(arguments, cancellationToken),
            };
        }
        catch (UsageException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n\n{AppHostArguments.Usage}");
            Environment.ExitCode = UsageError;
        }
        catch (EmbeddedException exception)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            Environment.ExitCode = Failed;
        }
    }

    /// <summary>Does nothing: what runs is stopped before <see cref="RunAsync"/> ends.</summary>
    public void Dispose()
    {
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<int> StartAsync(AppHostArguments arguments, CancellationToken cancellationToken)
    {
        await using var output = new ConsoleOutput(_builder.Resources.Select(resource => resource.Name));
        using var stop = new StopSignals(output, cancellationToken);
        using var data = DataFolder.Open(_builder.AppHost, arguments);
        await new TopologyRun(_builder, data, output).RunAsync(stop.Token);
        return 0;
    }

    private static int Show(string text)
    {
        Console.WriteLine(text);
        return 0;
    }
}
