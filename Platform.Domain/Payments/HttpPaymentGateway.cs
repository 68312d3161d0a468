using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Platform.Domain.Orders;
using Platform.Resilience;
using Platform.Telemetry;

namespace Platform.Domain.Payments;

// Speaks to the gateway over the host's resilient HttpClient; the key in the header makes a repeated call safe.
internal sealed class HttpPaymentGateway(HttpClient http) : IPaymentGateway
{
    public const string Breaker = "payment_gateway";
    public const string ReadsBreaker = "payment_gateway_reads";

    [CircuitBreaker(Breaker)]
    [Traced("charge")]
    public async Task<string> ChargeAsync(OrderId orderId, Money amount, Guid idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/charges")
        {
            Content = JsonContent.Create(
                new ChargeRequest(orderId.ToString(), amount.Amount, amount.Currency), GatewayJson.Default.ChargeRequest),
            Headers = { { "Idempotency-Key", idempotencyKey.ToString("D") } },
        };
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var charge = await response.Content.ReadFromJsonAsync(GatewayJson.Default.ChargeResponse, cancellationToken);
        return charge is { Id.Length: > 0 and <= Payment.GatewayReferenceMaxLength }
            ? charge.Id
            : throw new HttpRequestException("The gateway's answer names no charge.");
    }

    [CircuitBreaker(ReadsBreaker)]
    [Traced("find_charge")]
    public async Task<string?> FindChargeAsync(Guid idempotencyKey, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri($"v1/charges?idempotencyKey={idempotencyKey:D}", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
        var found = await response.Content.ReadFromJsonAsync(GatewayJson.Default.ChargeListResponse, cancellationToken);
        return found switch
        {
            { Items: [] } => null,
            { Items: [{ Id: { Length: > 0 and <= Payment.GatewayReferenceMaxLength } id }] } => id,
            _ => throw new HttpRequestException("The gateway's answer is no list of one charge or none."),
        };
    }

    [CircuitBreaker(Breaker)]
    [Traced("refund")]
    public async Task RefundAsync(string gatewayReference, Guid idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"v1/charges/{Uri.EscapeDataString(gatewayReference)}/refunds")
        {
            Headers = { { "Idempotency-Key", idempotencyKey.ToString("D") } },
        };
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}

internal sealed record ChargeRequest(string OrderId, decimal Amount, string Currency);

internal sealed record ChargeResponse(string? Id);

internal sealed record ChargeListResponse(IReadOnlyList<ChargeResponse>? Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChargeListResponse))]
[JsonSerializable(typeof(ChargeRequest))]
[JsonSerializable(typeof(ChargeResponse))]
internal sealed partial class GatewayJson : JsonSerializerContext;
