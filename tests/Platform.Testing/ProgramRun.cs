using System.Reflection;

namespace Platform.Testing;

/// <summary>
/// A program, run by its own entry point in this process: arguments, environment, the three streams and the exit code are those of an operator, and what it runs is compiled
/// after the first time. Environment and console belong to the process: a class that uses it is in a collection that runs while nothing else does.
/// </summary>
public static class ProgramRun
{
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>Runs it until it ends.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables besides those of this process.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="cancellationToken">Gives up before it begins; what runs cannot be stopped.</param>
    public static async Task<ProgramOutcome> InThisProcessAsync(
        Assembly program, string[] arguments, IReadOnlyDictionary<string, string> environment, string input = "", CancellationToken cancellationToken = default)
    {
        await OneAtATime.WaitAsync(cancellationToken);
        var before = environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        var (ownIn, ownOut, ownError) = (Console.In, Console.Out, Console.Error);
        using var output = new StringWriter();
        using var error = new StringWriter();
        try
        {
            foreach (var (name, value) in environment)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            Console.SetIn(new StringReader(input));
            Console.SetOut(output);
            Console.SetError(error);

            // The entry point waits for its tasks.
            var code = await Task.Factory.StartNew(
                () => (int)program.EntryPoint!.Invoke(null, [arguments])!, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await Console.Out.FlushAsync(cancellationToken);
            await Console.Error.FlushAsync(cancellationToken);
            return new ProgramOutcome(code, output.ToString().TrimEnd(), error.ToString().TrimEnd());
        }
        finally
        {
            Console.SetIn(ownIn);
            Console.SetOut(ownOut);
            Console.SetError(ownError);
            foreach (var (name, value) in before)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            OneAtATime.Release();
        }
    }
}

/// <summary>How a program ended, and what it wrote.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">Standard output, without its end of line.</param>
/// <param name="Error">Standard error, without its end of line.</param>
public sealed record ProgramOutcome(int Code, string Output, string Error);
