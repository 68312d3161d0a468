using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using GraphQL.Execution;
using Platform.GraphQL.Errors;
using Platform.GraphQL.Execution;
using Platform.GraphQL.Limits.Cost;
using Platform.Telemetry;

namespace Platform.GraphQL.Transport;

/// <summary>Writes a response's body (GraphQL specification, section 7.1): errors first, so that a reader sees them early, then data.</summary>
internal sealed class ResultWriter(TimeProvider time)
{
    private const string EventIdName = "eventId";

    private static readonly JsonWriterOptions Options = new()
    {
        // The body is JSON under its own media type and never becomes part of a page, so letters stay letters.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes the response.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="answer">What it says.</param>
    /// <param name="http">The request, whose trace errors name.</param>
    public void Write(IBufferWriter<byte> output, OperationAnswer answer, HttpContext http)
    {
        using var writer = Open(output);
        Write(writer, answer, http);
    }

    /// <summary>Begins to write JSON as responses are written, for what carries them in messages of its own.</summary>
    public static Utf8JsonWriter Open(IBufferWriter<byte> output) => new(output, Options);

    /// <summary>Writes the response as a value of what is being written.</summary>
    public void Write(Utf8JsonWriter writer, OperationAnswer answer, HttpContext http)
    {
        writer.WriteStartObject();
        if (answer.Errors.Count > 0)
        {
            writer.WritePropertyName("errors");
            WriteErrors(writer, answer.Errors, http);
        }

        if (answer.HasData)
        {
            writer.WritePropertyName("data");
            WriteData(writer, answer.Data);
        }

        if (answer.EventId is not null || answer.Cost is not null)
        {
            WriteExtensions(writer, answer);
        }

        writer.WriteEndObject();
    }

    private static void WriteExtensions(Utf8JsonWriter writer, OperationAnswer answer)
    {
        writer.WriteStartObject("extensions");
        if (answer.EventId is { } id)
        {
            writer.WriteString(EventIdName, id);
        }

        if (answer.Cost is { } cost)
        {
            WriteCost(writer, cost);
        }

        writer.WriteEndObject();
    }

    private static void WriteCost(Utf8JsonWriter writer, OperationCost cost)
    {
        writer.WriteStartObject("cost");
        writer.WriteNumber("field", cost.Field);
        writer.WriteNumber("type", cost.Type);
        writer.WriteNumber("total", cost.Total);
        writer.WriteEndObject();
    }

    /// <summary>Writes errors as a list.</summary>
    public void WriteErrors(Utf8JsonWriter writer, IReadOnlyList<PublicError> errors, HttpContext http)
    {
        writer.WriteStartArray();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds() / 1_000.0;
        var traceId = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        foreach (var error in errors)
        {
            WriteError(writer, error, now, traceId);
        }

        writer.WriteEndArray();
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

    private static void WriteData(Utf8JsonWriter writer, object? data)
    {
        switch (data)
        {
            case ResponseObject found:
                writer.WriteStartObject();
                var fields = found.Plan.Fields;
                for (var i = 0; i < fields.Length; i++)
                {
                    writer.WritePropertyName(fields[i].Key);
                    WriteData(writer, found.Values[i]);
                }

                writer.WriteEndObject();
                break;
            case ResponseList list:
                writer.WriteStartArray();
                foreach (var item in list.Values)
                {
                    WriteData(writer, item);
                }

                writer.WriteEndArray();
                break;
            case ExecutionNode node:
                WriteNode(writer, node);
                break;
            default:
                WriteValue(writer, data);
                break;
        }
    }

    // What the library's own strategies give: subscriptions, and operations with spans.
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
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            default:
                JsonSerializer.Serialize(writer, value, value.GetType());
                break;
        }
    }
}
