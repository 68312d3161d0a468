using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Errors;
using Platform.Messaging.Transports;
using Platform.ServiceDefaults.Commands;

namespace Platform.Worker.Commands.Operations;

/// <summary>A command for operators: its result on standard output, what went wrong in a line on standard error, and nothing else on either.</summary>
/// <remarks>Exit codes: 0 done, 1 failed (nothing found, the database is away), 2 not understood.</remarks>
internal abstract class OperatorCommand : WorkerCommand
{
    protected const int Done = 0;

    private static readonly string[] Switches = ["json", "all", "personal"];

    /// <summary>How to call it, whole.</summary>
    protected abstract string Usage { get; }

    // Whoever reads the result, or parses it, wants no log in between.
    protected override void Configure(IHostApplicationBuilder builder) => builder.Logging.ClearProviders();

    protected override async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is [] or ["help"] || arguments.Any(argument => argument is "--help" or "-h"))
        {
            await (arguments is [] ? Console.Error : Console.Out).WriteLineAsync(Usage);
            return arguments is [] ? UsageError : Done;
        }

        try
        {
            await using var scope = services.CreateAsyncScope();
            return await RunAsync(scope.ServiceProvider, arguments[0], arguments[1..], cancellationToken);
        }
        catch (ErrorException e)
        {
            await Console.Error.WriteLineAsync(e.Fields.Count > 0 ? string.Join('\n', e.Fields.Select(field => $"{field.Pointer}: {field.Message}")) : e.Message);
            return Failed;
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', e.Failures));
            return Failed;
        }
        catch (CryptographicException e)
        {
            // What is sealed cannot be opened with the keys that are configured.
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
        catch (TransportUnavailableException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
        catch (Exception e) when (e is NpgsqlException || e.InnerException is NpgsqlException)
        {
            var cause = e as NpgsqlException ?? (NpgsqlException)e.InnerException!;
            await Console.Error.WriteLineAsync($"The database cannot do this at present: {cause.Message}");
            return Failed;
        }
    }

    /// <summary>Runs one verb.</summary>
    protected abstract Task<int> RunAsync(IServiceProvider services, string verb, string[] arguments, CancellationToken cancellationToken);

    protected CommandUsageException UnknownVerb(string verb) => new($"There is no '{verb}' here.{Environment.NewLine}{Usage}");

    /// <summary>Reads what stands behind a verb.</summary>
    protected CommandArguments Read(string[] arguments, params IReadOnlyCollection<string> options) => CommandArguments.Parse(arguments, Usage, options, Switches);

    protected static Task PrintAsync(string text) => Console.Out.WriteLineAsync(text);
}
