using System.Diagnostics;
using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Transport;

[Collection(SharedPlatform.Name)]
public sealed class ConformanceTests(PlatformHost host)
{
    [Fact]
    public async Task Every_audit_of_graphql_http_passes()
    {
        await Npm.InstallAsync();
        var output = await Npm.RunAsync("node", "audit.mjs", host.Url.ToString(), host.Token());

        var report = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal("[]", report.GetProperty("failed").GetRawText());
        Assert.Equal(61, report.GetProperty("total").GetInt32());
    }
}

/// <summary>The Node side of conformance, in the folder beside the test program.</summary>
internal static class Npm
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "conformance");

    /// <summary>Installs what the lock file names, unless that is there already.</summary>
    public static async Task InstallAsync()
    {
        var installed = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        var wanted = new FileInfo(Path.Combine(Folder, "package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < wanted.LastWriteTimeUtc)
        {
            await RunAsync("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
        }
    }

    /// <summary>Runs a program there and returns what it printed.</summary>
    public static Task<string> RunAsync(string program, params string[] arguments) => RunInAsync(Folder, program, arguments);

    /// <summary>Runs a program in a folder and returns what it printed.</summary>
    public static async Task<string> RunInAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await error);
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
