using System.Net;
using Platform.Testing;

namespace Platform.Api.Tests.Support;

/// <summary>Platform.Api as a process of its own, which can be killed.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TestProcess _process;

    private ApiProcess(TestProcess process, Uri address)
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
        var environment = ApiServer.Settings(postgres, redis: "127.0.0.1:1").Select(setting => KeyValuePair.Create(
            setting.Key == "environment" ? "DOTNET_ENVIRONMENT" : setting.Key.Replace(":", "__", StringComparison.Ordinal), (string?)setting.Value));
        var started = new ApiProcess(
            await TestProcess.StartAsync(typeof(Program).Assembly.Location, [], [.. environment, new("ASPNETCORE_URLS", address.ToString())]), address);
        await Eventually.BecomesTrueAsync(started.IsUpAsync, StartLimit);
        return started;
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
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
