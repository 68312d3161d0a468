using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Platform.Api.Audit;
using Platform.Api.Breakers;
using Platform.Api.Budgets;
using Platform.Api.Customers;
using Platform.Api.FeatureFlags;
using Platform.Api.Messaging;
using Platform.Api.Orders;
using Platform.Api.Products;
using Platform.Api.Secrets;
using Platform.Api.Subjects;
using Platform.Api.Sync;
using Platform.Api.Webhooks;
using Platform.Errors;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;

namespace Platform.Api.Http;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BreakerOrderRequest))]
[JsonSerializable(typeof(BreakerOptionsRequest))]
[JsonSerializable(typeof(BreakerListResponse))]
[JsonSerializable(typeof(BreakerCommandListResponse))]
[JsonSerializable(typeof(BudgetRequest))]
[JsonSerializable(typeof(BudgetLimits))]
[JsonSerializable(typeof(BudgetListResponse))]
[JsonSerializable(typeof(BudgetHistoryResponse))]
[JsonSerializable(typeof(BudgetViolationListResponse))]
[JsonSerializable(typeof(BudgetChangeListResponse))]
[JsonSerializable(typeof(CustomerRequest))]
[JsonSerializable(typeof(PageResponse<CustomerResponse>))]
[JsonSerializable(typeof(ProductRequest))]
[JsonSerializable(typeof(PageResponse<ProductResponse>))]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(OrderChangeRequest))]
[JsonSerializable(typeof(PageResponse<OrderResponse>))]
[JsonSerializable(typeof(PaymentResponse))]
[JsonSerializable(typeof(ProductBatchRequest))]
[JsonSerializable(typeof(ProductBatchResponse))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(SyncResponse))]
[JsonSerializable(typeof(SyncUpload))]
[JsonSerializable(typeof(SyncUploadResponse))]
[JsonSerializable(typeof(PageResponse<DeadLetterResponse>))]
[JsonSerializable(typeof(DeadLetterDetailsResponse))]
[JsonSerializable(typeof(DeadLetterPayloadRequest))]
[JsonSerializable(typeof(DeadLetterReasonRequest))]
[JsonSerializable(typeof(DeadLettersRequest))]
[JsonSerializable(typeof(DeadLettersResponse))]
[JsonSerializable(typeof(SubscriptionsResponse))]
[JsonSerializable(typeof(LanesResponse))]
[JsonSerializable(typeof(SubscriptionReplayRequest))]
[JsonSerializable(typeof(SubscriptionReplayResponse))]
[JsonSerializable(typeof(JobsResponse))]
[JsonSerializable(typeof(PaymentWebhookRequest))]
[JsonSerializable(typeof(PaymentWebhookResponse))]
[JsonSerializable(typeof(OrderSummaryResponse))]
[JsonSerializable(typeof(PageResponse<AuditResponse>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(FlagReasonRequest))]
[JsonSerializable(typeof(FlagMetadataRequest))]
[JsonSerializable(typeof(RolloutPlanBody))]
[JsonSerializable(typeof(FlagRecordResponse))]
[JsonSerializable(typeof(StaleFlagsResponse))]
[JsonSerializable(typeof(SecretListResponse))]
[JsonSerializable(typeof(SecretResponse))]
[JsonSerializable(typeof(SecretRotateRequest))]
[JsonSerializable(typeof(SecretRollbackRequest))]
[JsonSerializable(typeof(SecretRotationResponse))]
[JsonSerializable(typeof(SecretRotationListResponse))]
[JsonSerializable(typeof(FlagImpactResponse))]
[JsonSerializable(typeof(SubjectErasureRequest))]
[JsonSerializable(typeof(SubjectExportResponse))]
[JsonSerializable(typeof(SubjectErasureResponse))]
internal sealed partial class ApiJson : JsonSerializerContext;

internal static class ApiJsonExtensions
{
    // Far deeper than any body here.
    private const int MaxDepth = 16;

    /// <summary>
    /// Reads and writes bodies with generated code, and reads them strictly (RFC 8259): names in their exact case, none twice, numbers as
    /// numbers, no comments, nothing behind the end. Unknown members are ignored, so that a newer client can talk to an older server.
    /// What is declared as personal data is redacted for callers without the permission.
    /// </summary>
    public static void AddApiJson(this IServiceCollection services) =>
        services.AddOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>().Configure<PersonalReader>((json, reader) =>
            Strict(json.SerializerOptions, ApiJson.Default.WithAddedModifier(PersonalJson.Redacting(() => reader.Redactor))));

    /// <summary>Makes options read strictly, with generated code.</summary>
    /// <param name="options">What to change.</param>
    /// <param name="contracts">The generated code; without any change of it by default.</param>
    public static JsonSerializerOptions Strict(JsonSerializerOptions options, IJsonTypeInfoResolver? contracts = null)
    {
        options.TypeInfoResolverChain.Insert(0, contracts ?? ApiJson.Default);
        options.PropertyNameCaseInsensitive = false;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = MaxDepth;
        options.Converters.Add(new WholeText());
        return options;
    }
}

// Any JSON that a body holds is kept as it came, and PostgreSQL takes only what is Unicode: half a surrogate pair is told here, with its place, and not there.
internal sealed class WholeText : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // The framework's own reading knows what the options forbid.
        var element = ((JsonConverter<JsonElement>)JsonMetadataServices.JsonElementConverter).Read(ref reader, typeToConvert, options);
        return JsonShape.IsWhole(JsonMarshal.GetRawUtf8Value(element)) ? element : throw new JsonException("A text holds half a character.");
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);
}
