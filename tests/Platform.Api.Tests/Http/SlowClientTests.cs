using System.Net.Sockets;
using System.Text;
using Platform.Api.Tests.Support;

namespace Platform.Api.Tests.Http;

/// <summary>Clients that hold a connection with next to nothing are cut.</summary>
public sealed class SlowClientTests(ApiHost api) : IClassFixture<ApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_and_bodies_that_trickle_in_are_cut()
    {
        await using var server = new ApiServer(api.ConnectionString, settings: ("Platform:RequestLimits:HeadersTimeout", "00:00:01"));
        using var http = server.CreateClient();
        var token = await http.TokenAsync();
        var headers = TrickleAsync(http.BaseAddress!, "GET /api/v1/products HTTP/1.1\r\nHost: localhost\r\n", "X-Slow: 1\r\n");
        var body = TrickleAsync(
            http.BaseAddress!,
            $"POST /api/v1/products HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n",
            " ");
        Assert.StartsWith("HTTP/1.1 408", await headers, StringComparison.Ordinal);
        var answer = await body;
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"REQUEST_TIMEOUT\"", answer, StringComparison.Ordinal);
        Assert.Matches("\r\nX-Response-Time-Ms: [0-9.]+\r\n", answer);
    }

    // Sends a little every half second, and gives what comes back until the server closes the connection.
    private static async Task<string> TrickleAsync(Uri address, string start, string drop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, limit.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(start), limit.Token);
        var answer = ReadAsync(stream, limit.Token);
        var started = TimeProvider.System.GetTimestamp();
        while (!answer.IsCompleted)
        {
            await Task.WhenAny(answer, Task.Delay(500, limit.Token));
            try
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(drop), limit.Token);
            }
            catch (IOException)
            {
                // Cut.
                break;
            }
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        return await answer;
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Reset: it was cut.
        }

        return text.ToString();
    }
}
