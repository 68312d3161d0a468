using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Domain.Payments;
using Platform.Errors;
using Platform.Messaging;
using Platform.Webhooks;

namespace Platform.Api.Webhooks;

/// <summary>Takes what the payment gateway tells by itself. A signature stands where other endpoints ask for a token; the inbox has each message handled once.</summary>
internal static class PaymentWebhookEndpoints
{
    private const string Consumer = "payment webhooks";

    public static void AddPaymentWebhook(this IServiceCollection services) => services
        .AddOptions<PaymentWebhookOptions>().BindConfiguration(PaymentWebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();

    public static void MapPaymentWebhook(this IEndpointRouteBuilder api) => api
        .MapPost("/webhooks/payments", ReceiveAsync).WithTags("Webhooks").WithName("ReceivePaymentWebhook")
        .WithSummary("Take a message of the payment gateway")
        .WithDescription(
            "Signed as Standard Webhooks 1.0 says: `webhook-id`, `webhook-timestamp` and `webhook-signature`, HMAC-SHA256 over `id.timestamp.body`. "
            + "A message that was handled already is answered 200 again.")
        .Accepts<PaymentWebhookRequest>("application/json")
        .WithMetadata(new WebhookSignatureMetadata())
        .AllowAnonymous()
        .ReadsBody()
        .Refuses(ErrorCode.ResourceNotFound);

    private static async Task<Ok<PaymentWebhookResponse>> ReceiveAsync(
        HttpRequest request,
        IOptionsMonitor<PaymentWebhookOptions> options,
        IInbox inbox,
        RecordGatewayRefund recordRefund,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        var id = Check(request, body.GetBuffer().AsMemory(0, (int)body.Length), options.CurrentValue, time);
        var message = Read(body);
        var first = await inbox.ProcessAsync(id, Consumer, cancel => HandleAsync(message, recordRefund, cancel), cancellationToken);
        return TypedResults.Ok(new PaymentWebhookResponse(Duplicate: !first));
    }

    private static string Check(HttpRequest request, ReadOnlyMemory<byte> body, PaymentWebhookOptions options, TimeProvider time)
    {
        var headers = request.Headers;
        var delivery = new WebhookDelivery(headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body);
        return delivery.Check([.. options.Secrets.Select(WebhookSecret.Parse)], time.GetUtcNow(), options.Tolerance) switch
        {
            WebhookVerdict.Genuine => delivery.Id!,
            WebhookVerdict.Unsigned => throw new ErrorException(ErrorCode.Unauthenticated, "This needs a signed message: webhook-id, webhook-timestamp and webhook-signature."),
            WebhookVerdict.OutOfTime => throw new ErrorException(ErrorCode.Unauthorized, "The message was signed too long ago, or by a clock that is ahead."),
            _ => throw new ErrorException(ErrorCode.Unauthorized, "The signature is not valid."),
        };
    }

    private static PaymentWebhookRequest Read(MemoryStream body)
    {
        PaymentWebhookRequest? message;
        try
        {
            message = JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), ApiJson.Default.PaymentWebhookRequest);
        }
        catch (JsonException e)
        {
            throw new ErrorException(ErrorCode.InvalidInput, "The body is no JSON of a message.", e);
        }

        var errors = new FieldErrors();
        errors.Text("/type", message?.Type, 200);
        errors.Text("/data/id", message?.Data?.Id, Payment.GatewayReferenceMaxLength);
        errors.Text("/data/status", message?.Data?.Status, 50);
        errors.ThrowIfAny();
        return message!;
    }

    private static Task HandleAsync(PaymentWebhookRequest message, RecordGatewayRefund recordRefund, CancellationToken cancellationToken) =>
        message is { Type: "charge.refunded", Data: { Id: { } charge, Status: "refunded" } }
            ? recordRefund.HandleAsync(charge, cancellationToken)
            : Task.CompletedTask;
}
