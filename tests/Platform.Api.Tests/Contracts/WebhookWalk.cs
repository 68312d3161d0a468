using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Platform.Api.Tests.Messaging;
using Platform.Api.Tests.Support;

namespace Platform.Api.Tests.Contracts;

/// <summary>The one operation that is not for clients: the payment gateway's.</summary>
internal static class WebhookWalk
{
    public static async Task RunAsync(HttpClient http, ApiHost api)
    {
        var charge = await api.ScalarAsync<string>("""
            UPDATE commerce.payments SET gateway_reference = 'ch_walk' WHERE id = (SELECT id FROM commerce.payments WHERE status = 'captured' LIMIT 1) RETURNING gateway_reference
            """);
        var body = $$"""{ "type": "charge.refunded", "data": { "id": "{{charge}}", "status": "refunded" } }""";
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var key = Convert.FromBase64String(ApiServer.WebhookSecret["whsec_".Length..]);
        var signature = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"walk.{time}.{body}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks/payments")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { { "webhook-id", "walk" }, { "webhook-timestamp", time }, { "webhook-signature", signature } },
        };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
