using System.Diagnostics;
using System.Reflection;
using Platform.Testing;

namespace Platform.Worker.Tests;

/// <summary>
/// Platform.Worker, run as an operator does: its own entry point with arguments, environment and the three streams. In this process, which has compiled it after the first
/// time, or as one of its own.
/// </summary>
internal static class WorkerProgram
{
    public static Task<ProgramOutcome> RunAsync(string? connectionString, string[] arguments, string input = "", params (string Name, string Value)[] environment) =>
        ProgramRun.InThisProcessAsync(
            Assembly.Load("Platform.Worker"),
            arguments,
            Environment(connectionString, environment).ToDictionary(setting => setting.Name, setting => setting.Value),
            input,
            TestContext.Current.CancellationToken);

    public static async Task<ProgramOutcome> RunAsProcessAsync(string? connectionString, string[] arguments, string input = "", string folder = "")
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
        return new ProgramOutcome(process.ExitCode, (await output).TrimEnd(), (await error).TrimEnd());
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

/// <summary>Environment and console belong to the process: what runs the worker in it runs while nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WorkerInThisProcess
{
    public const string Name = "the worker in this process";
}
