using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Platform.Api.Tests.Support;
using Platform.Testing;

namespace Platform.Api.Tests.Idempotency;

/// <summary>A process that dies when its effect is committed and its answer is not sent.</summary>
public sealed class IdempotencyCrashTests(ApiHost api) : IClassFixture<ApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Effect_of_a_process_that_was_killed_before_it_answered_is_answered_by_the_next_one()
    {
        await using var database = new HeldDatabase(api.ConnectionString);
        using var process = Start(database.ConnectionString, out var address);
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            await Eventually.BecomesTrueAsync(async () => await IsServingAsync(http), TimeSpan.FromSeconds(60));
            http.DefaultRequestHeaders.Authorization = api.Client.DefaultRequestHeaders.Authorization;

            // Asked of the new process, so that it has read its keys and its model.
            var body = await http.OrderBodyAsync();
            var orders = await api.CountAsync("commerce.orders");

            database.Hold();
            var sent = SendAsync(http, body);
            await Eventually.BecomesTrueAsync(async () => sent.IsCompleted || await api.CountAsync("platform.core_idempotency_key WHERE key = 'crash'") == 1, TimeSpan.FromSeconds(60));
            Assert.False(sent.IsCompleted, sent.IsCompletedSuccessfully ? await (await sent).Content.ReadAsStringAsync(Cancel) : "The request failed.");
            process.Kill();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => sent);
            Assert.Equal(orders + 1, await api.CountAsync("commerce.orders"));

            using var answer = await SendAsync(api.Client, body);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            Assert.Equal("true", Assert.Single(answer.Headers.GetValues("Idempotency-Replayed")));
            Assert.Equal(orders + 1, await api.CountAsync("commerce.orders"));
            using var order = await api.Client.GetAsync(answer.Headers.Location, Cancel);
            Assert.Equal(HttpStatusCode.OK, order.StatusCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static Process Start(string connectionString, out Uri address)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        listener.Stop();
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["ConnectionStrings__platformdb"] = connectionString,
            ["ConnectionStrings__redis"] = "127.0.0.1:1",
            ["Platform__Identity__Issuer"] = ApiServer.Issuer,
            ["Platform__Payments__Webhook__Secrets__0"] = ApiServer.WebhookSecret,
            ["Platform__FeatureFlags__SnapshotFolder"] = "",
        })
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;

        // Read away: a full pipe would stop it.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return process;
    }

    private static async Task<bool> IsServingAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/healthz", Cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "crash");
        return http.SendAsync(request, Cancel);
    }
}
