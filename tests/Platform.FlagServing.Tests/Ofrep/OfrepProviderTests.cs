using System.Diagnostics;
using System.Text.Json;
using Platform.FeatureFlags;
using Platform.Identity;

namespace Platform.FlagServing.Tests.Ofrep;

/// <summary>OpenFeature's npm providers for servers and browsers, unmodified, against a running host.</summary>
public sealed class OfrepProviderTests
{
    [Fact]
    public async Task Both_providers_work_as_they_are()
    {
        await Npm.InstallAsync();
        await using var host = await OfrepHost.StartAsync();
        await using var narrow = await OfrepHost.StartAsync(new()
        {
            ["Platform:FeatureFlags:Ofrep:Burst"] = "2",
            ["Platform:FeatureFlags:Ofrep:RequestsPerSecond"] = "1",
        });
        narrow.With(new FlagDefinition { Name = "on", Everyone = true });

        var output = await Npm.RunAsync(
            "node", "scenarios.mjs", host.Url.ToString(), OfrepHost.Key, host.Token(), host.Token(ApiScopes.CatalogRead), narrow.Url.ToString());
        var report = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.True(report.GetProperty("failed").GetArrayLength() == 0, report.GetProperty("failed").GetRawText());
        Assert.InRange(report.GetProperty("passed").GetArrayLength(), 60, 100);
    }
}

/// <summary>The Node side, in the folder beside the test program.</summary>
internal static class Npm
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Ofrep", "providers");

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
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
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
