using System.Diagnostics;
using System.Reflection;

namespace Platform.Benchmarks.Api;

/// <summary>Platform.Api as a process of its own.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ApiProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ApiProcess> StartAsync(int port, Uri issuer, string connectionString, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{port}/");
        var start = new ProcessStartInfo("dotnet", [Program("ApiAssembly")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = address.AbsoluteUri,
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__platformdb"] = connectionString,
                ["ConnectionStrings__redis"] = "127.0.0.1:1,abortConnect=false",
                ["Platform__Identity__Issuer"] = issuer.AbsoluteUri,
                ["Logging__LogLevel__Default"] = "None",
            },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var api = new ApiProcess(process, address);
        using var http = new HttpClient { BaseAddress = address };
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using var ready = await http.GetAsync("/startup", cancellationToken);
                if (ready.IsSuccessStatusCode)
                {
                    return api;
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                // Not listening yet.
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Runs one of the programs that the suite was built with, to its end; one that waits for a line gets it.</summary>
    public static async Task<int> RunAsync(string program, string? connectionString, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Program(program), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        if (connectionString is not null)
        {
            start.Environment["ConnectionStrings__platformdb"] = connectionString;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await Task.WhenAll(output, error);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Program(string name) =>
        typeof(ApiProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!;
}
