using System.Diagnostics;
using System.Net;
using Platform.Testing;

namespace Platform.Api.Tests.Support;

/// <summary>Platform.Api as a process of its own, which can be killed.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ApiProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address };
    }

    public HttpClient Client { get; }

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <param name="postgres">The connection string of <c>platformdb</c>.</param>
    public static async Task<ApiProcess> StartAsync(string postgres)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location]) { RedirectStandardOutput = true };
        foreach (var (name, value) in ApiServer.Settings(postgres, redis: "127.0.0.1:1"))
        {
            start.Environment[name == "environment" ? "DOTNET_ENVIRONMENT" : name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        var started = new ApiProcess(Process.Start(start)!, address);

        // The log is read away: a full pipe would stop the process.
        _ = started._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        await Eventually.BecomesTrueAsync(started.IsUpAsync, StartLimit);
        return started;
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        Client.Dispose();
    }

    private async Task<bool> IsUpAsync()
    {
        try
        {
            using var response = await Client.GetAsync("/readyz", TestContext.Current.CancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException) when (!_process.HasExited)
        {
            return false;
        }
    }
}
