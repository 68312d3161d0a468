using System.Diagnostics;
using System.Reflection;

namespace Platform.Worker.Tests;

/// <summary>Platform.Worker, run as an operator does.</summary>
internal static class WorkerProgram
{
    public static async Task<Outcome> RunAsync(string? connectionString, string[] arguments, string input = "", string folder = "")
    {
        var program = typeof(WorkerProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "WorkerAssembly").Value!;
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            Environment = { ["ConnectionStrings__redis"] = "127.0.0.1:1", ["Platform__Audit__Key"] = Convert.ToBase64String(new byte[32]) },
        };
        if (connectionString is not null)
        {
            start.Environment["ConnectionStrings__platformdb"] = connectionString;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Outcome(process.ExitCode, (await output).TrimEnd(), (await error).TrimEnd());
    }
}

internal sealed record Outcome(int Code, string Output, string Error);
