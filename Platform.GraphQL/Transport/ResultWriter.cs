using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using GraphQL.Execution;
using Platform.GraphQL.Errors;
using Platform.GraphQL.Limits.Cost;
using Platform.Telemetry;

namespace Platform.GraphQL.Transport;

/// <summary>Writes a response's body (GraphQL specification, section 7.1): errors first, so that a reader sees them early, then data.</summary>
internal sealed class ResultWriter(TimeProvider time)
{
    private static readonly JsonWriterOptions Options = new()
    {
        // The body is JSON under its own media type and never becomes part of a page, so letters stay letters.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes the body.</summary>
    /// <param name="response">Where to; its status and headers are set already.</param>
    /// <param name="errors">None when everything went well.</param>
    /// <param name="hasData">Whether execution began, so that there is a <c>data</c> entry.</param>
    /// <param name="data">The root of what was resolved; null is written as null.</param>
    /// <param name="cost">What the operation costs; not written when it is null.</param>
    public void Write(HttpResponse response, IReadOnlyCollection<PublicError> errors, bool hasData, object? data, OperationCost? cost = null)
    {
        using var writer = new Utf8JsonWriter(response.BodyWriter, Options);
        writer.WriteStartObject();
        if (errors.Count > 0)
        {
            writer.WriteStartArray("errors");
            var now = time.GetUtcNow().ToUnixTimeMilliseconds() / 1_000.0;
            var traceId = Activity.Current?.TraceId.ToHexString() ?? response.HttpContext.TraceIdentifier;
            foreach (var error in errors)
            {
                WriteError(writer, error, now, traceId);
            }

            writer.WriteEndArray();
        }

        if (hasData)
        {
            writer.WritePropertyName("data");
            WriteNode(writer, data as ExecutionNode);
        }

        if (cost is { } reckoned)
        {
            WriteCost(writer, reckoned);
        }

        writer.WriteEndObject();
    }

    private static void WriteCost(Utf8JsonWriter writer, OperationCost cost)
    {
        writer.WriteStartObject("extensions");
        writer.WriteStartObject("cost");
        writer.WriteNumber("field", cost.Field);
        writer.WriteNumber("type", cost.Type);
        writer.WriteNumber("total", cost.Total);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter writer, PublicError error, double timestamp, string traceId)
    {
        writer.WriteStartObject();
        writer.WriteString("message", error.Message);
        if (error.Locations.Count > 0)
        {
            writer.WriteStartArray("locations");
            foreach (var location in error.Locations)
            {
                writer.WriteStartObject();
                writer.WriteNumber("line", location.Line);
                writer.WriteNumber("column", location.Column);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (error.Path is { Count: > 0 } path)
        {
            writer.WriteStartArray("path");
            foreach (var step in path)
            {
                WriteValue(writer, step);
            }

            writer.WriteEndArray();
        }

        writer.WriteStartObject("extensions");
        writer.WriteString("code", error.Code.Code);
        writer.WriteNumber("timestamp", timestamp);
        writer.WriteString("traceId", traceId);
        if (Correlation.Current is { } correlationId)
        {
            writer.WriteString("correlationId", correlationId);
        }

        WriteDetails(writer, error);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, PublicError error)
    {
        if (error.ResourceType is not null)
        {
            writer.WriteString("resourceType", error.ResourceType);
        }

        if (error.ResourceId is not null)
        {
            writer.WriteString("resourceId", error.ResourceId);
        }

        if (error.FieldErrors.Count > 0)
        {
            writer.WriteStartArray("fieldErrors");
            foreach (var field in error.FieldErrors)
            {
                writer.WriteStartObject();
                writer.WriteString("pointer", field.Pointer);
                writer.WriteString("code", field.Code);
                writer.WriteString("message", field.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (error.RetryAfter is { } retryAfter)
        {
            writer.WriteNumber("retryAfter", retryAfter.TotalSeconds);
        }
    }

    private static void WriteNode(Utf8JsonWriter writer, ExecutionNode? node)
    {
        switch (node)
        {
            case ObjectExecutionNode { SubFields: { } fields }:
                writer.WriteStartObject();
                foreach (var field in fields)
                {
                    writer.WritePropertyName(field.Name!);
                    WriteNode(writer, field);
                }

                writer.WriteEndObject();
                break;
            case ArrayExecutionNode { Items: { } items }:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    WriteNode(writer, item);
                }

                writer.WriteEndArray();
                break;
            case ArrayExecutionNode { SerializedResult: { } values }:
                WriteValue(writer, values);
                break;
            case ValueExecutionNode value:
                WriteValue(writer, value.ToValue());
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            default:
                JsonSerializer.Serialize(writer, value, value.GetType());
                break;
        }
    }
}
