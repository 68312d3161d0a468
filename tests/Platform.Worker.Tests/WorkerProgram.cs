using System.Diagnostics;
using System.Reflection;

namespace Platform.Worker.Tests;

/// <summary>
/// Platform.Worker, run as an operator does: its own entry point with arguments, environment and the three streams. In this process, which has compiled it after the first
/// time, or as one of its own.
/// </summary>
internal static class WorkerProgram
{
    private const string Name = "Platform.Worker";

    // The environment and the console are the process'.
    private static readonly SemaphoreSlim OneAtATime = new(1);

    public static async Task<Outcome> RunAsync(string? connectionString, string[] arguments, string input = "", params (string Name, string Value)[] environment)
    {
        var entry = Assembly.Load(Name).EntryPoint!;
        await OneAtATime.WaitAsync(TestContext.Current.CancellationToken);
        var before = new Dictionary<string, string?>();
        var (ownIn, ownOut, ownError) = (Console.In, Console.Out, Console.Error);
        using var output = new StringWriter();
        using var error = new StringWriter();
        try
        {
            foreach (var (name, value) in Environment(connectionString, environment))
            {
                before[name] = System.Environment.GetEnvironmentVariable(name);
                System.Environment.SetEnvironmentVariable(name, value);
            }

            Console.SetIn(new StringReader(input));
            Console.SetOut(output);
            Console.SetError(error);

            // The entry point waits for its tasks.
            var code = await Task.Factory.StartNew(
                () => (int)entry.Invoke(null, [arguments])!, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await Console.Out.FlushAsync(TestContext.Current.CancellationToken);
            await Console.Error.FlushAsync(TestContext.Current.CancellationToken);
            return new Outcome(code, output.ToString().TrimEnd(), error.ToString().TrimEnd());
        }
        finally
        {
            Console.SetIn(ownIn);
            Console.SetOut(ownOut);
            Console.SetError(ownError);
            foreach (var (name, value) in before)
            {
                System.Environment.SetEnvironmentVariable(name, value);
            }

            OneAtATime.Release();
        }
    }

    public static async Task<Outcome> RunAsProcessAsync(string? connectionString, string[] arguments, string input = "", string folder = "")
    {
        var program = typeof(WorkerProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "WorkerAssembly").Value!;
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in Environment(connectionString, []))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Outcome(process.ExitCode, (await output).TrimEnd(), (await error).TrimEnd());
    }

    private static IEnumerable<(string Name, string Value)> Environment(string? connectionString, (string Name, string Value)[] more)
    {
        yield return ("ConnectionStrings__redis", "127.0.0.1:1");
        yield return ("Platform__Audit__Key", Convert.ToBase64String(new byte[32]));
        if (connectionString is not null)
        {
            yield return ("ConnectionStrings__platformdb", connectionString);
        }

        foreach (var setting in more)
        {
            yield return setting;
        }
    }
}

internal sealed record Outcome(int Code, string Output, string Error);

/// <summary>Environment and console belong to the process: what runs the worker in it runs while nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WorkerInThisProcess
{
    public const string Name = "the worker in this process";
}
