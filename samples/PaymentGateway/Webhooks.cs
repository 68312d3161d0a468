using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace PaymentGateway;

/// <summary>Tells the merchant what happened to a charge.</summary>
internal sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, Charge Data);

/// <summary>The merchant wants messages signed with another secret.</summary>
internal sealed record WebhookSecretChange(string? Secret);

/// <summary>
/// Sends messages to the merchant, signed as Standard Webhooks 1.0 says, each again with growing delays until it is answered 2xx or twelve tries
/// are over. They wait in memory: what a killed gateway had not delivered is lost.
/// </summary>
internal sealed class Webhooks(Uri? receiver, string secret, HttpClient http, TimeProvider time, ILogger<Webhooks> logger) : BackgroundService
{
    private const int MaxTries = 12;
    private const int MaxWaiting = 10_000;
    private const int Senders = 4;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private readonly Channel<Delivery> _waiting = Channel.CreateBounded<Delivery>(MaxWaiting);

    private byte[] _key = KeyOf(secret);

    /// <summary>Signs with another secret from now on.</summary>
    /// <exception cref="FormatException">What follows <c>whsec_</c> is no base64.</exception>
    public void Use(string fresh) => Volatile.Write(ref _key, KeyOf(fresh));

    public void Send(string type, Charge charge)
    {
        if (receiver is not null)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new WebhookMessage(type, time.GetUtcNow(), charge), GatewayJson.Default.WebhookMessage);
            _waiting.Writer.TryWrite(new Delivery($"msg_{Guid.CreateVersion7(time.GetUtcNow()):N}", body, 1));
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync(stoppingToken)));

    private async Task SendAsync(CancellationToken stop)
    {
        await foreach (var delivery in _waiting.Reader.ReadAllAsync(stop))
        {
            if (!await DeliverAsync(delivery, stop) && delivery.Try < MaxTries)
            {
                _ = AgainAsync(delivery with { Try = delivery.Try + 1 }, stop);
            }
        }
    }

    private async Task<bool> DeliverAsync(Delivery delivery, CancellationToken stop)
    {
        try
        {
            var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            using var request = new HttpRequestMessage(HttpMethod.Post, receiver)
            {
                Content = new ByteArrayContent(delivery.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
                Headers =
                {
                    { "webhook-id", delivery.Id },
                    { "webhook-timestamp", timestamp },
                    { "webhook-signature", $"v1,{Signature(delivery, timestamp)}" },
                },
            };
            using var response = await http.SendAsync(request, stop);
            if (response.IsSuccessStatusCode)
            {
                return true;
            }

            Log.WebhookFailed(logger, delivery.Id, delivery.Try, (int)response.StatusCode, null);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            Log.WebhookFailed(logger, delivery.Id, delivery.Try, 0, exception);
        }

        return false;
    }

    private async Task AgainAsync(Delivery delivery, CancellationToken stop)
    {
        var delay = FirstDelay * Math.Pow(2, delivery.Try - 2);
        await Task.Delay(delay < LongestDelay ? delay : LongestDelay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _waiting.Writer.TryWrite(delivery);
    }

    private string Signature(Delivery delivery, string timestamp) =>
        Convert.ToBase64String(HMACSHA256.HashData(Volatile.Read(ref _key), (byte[])[.. Encoding.UTF8.GetBytes($"{delivery.Id}.{timestamp}."), .. delivery.Body]));

    private static byte[] KeyOf(string text) => text.StartsWith("whsec_", StringComparison.Ordinal)
        ? Convert.FromBase64String(text["whsec_".Length..])
        : Encoding.UTF8.GetBytes(text);

    private sealed record Delivery(string Id, byte[] Body, int Try);
}
