using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;

namespace Platform.GraphQL.Transport;

/// <summary>Reads request parameters from JSON (GraphQL over HTTP, section "JSON Encoding").</summary>
internal static class RequestJson
{
    private static readonly JsonSerializerOptions InputOptions = new() { Converters = { new InputsJsonConverter() } };

    /// <summary>A name twice would mean one thing here and another thing at a proxy, so it is no JSON object for this service.</summary>
    public static JsonDocumentOptions DocumentOptions { get; } = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the members that the specification names and passes over others, as it demands.</summary>
    /// <param name="request">The whole body.</param>
    /// <param name="parameters">What it says.</param>
    /// <param name="refusal">Why it is not well formed, when it is not.</param>
    public static bool TryRead(
        JsonElement request, [NotNullWhen(true)] out RequestParameters? parameters, [NotNullWhen(false)] out Refusal? refusal)
    {
        parameters = null;
        if (request.ValueKind != JsonValueKind.Object)
        {
            refusal = Refusal.Malformed("The body is not a JSON object.");
            return false;
        }

        if (!TryReadText(request, "query", out var query, out refusal)
            || !TryReadText(request, "documentId", out var documentId, out refusal)
            || !TryReadText(request, "queryHash", out var queryHash, out refusal)
            || !TryReadText(request, "operationName", out var operationName, out refusal)
            || !TryReadMap(request, "variables", out var variables, out refusal)
            || !TryReadMap(request, "extensions", out var extensions, out refusal))
        {
            return false;
        }

        parameters = new(query, operationName, variables, extensions) { DocumentId = documentId, QueryHash = queryHash };
        refusal = null;
        return true;
    }

    /// <summary>Reads a map that is given as JSON text of its own, as GET does (section "GET").</summary>
    public static bool TryReadMap(string name, string? json, out Inputs? map, [NotNullWhen(false)] out Refusal? refusal)
    {
        map = null;
        refusal = null;
        if (string.IsNullOrEmpty(json))
        {
            return true;
        }

        try
        {
            using var document = JsonDocument.Parse(json, DocumentOptions);
            return TryReadObject(document.RootElement, name, out map, out refusal);
        }
        catch (JsonException)
        {
            refusal = Refusal.Malformed($"The parameter '{name}' is not JSON.");
            return false;
        }
    }

    private static bool TryReadText(JsonElement request, string name, out string? text, [NotNullWhen(false)] out Refusal? refusal)
    {
        text = null;
        refusal = null;
        if (!request.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            refusal = Refusal.Malformed($"The parameter '{name}' is not a string.");
            return false;
        }

        text = value.GetString();
        return true;
    }

    private static bool TryReadMap(JsonElement request, string name, out Inputs? map, [NotNullWhen(false)] out Refusal? refusal)
    {
        map = null;
        refusal = null;
        return !request.TryGetProperty(name, out var value) || TryReadObject(value, name, out map, out refusal);
    }

    private static bool TryReadObject(JsonElement value, string name, out Inputs? map, [NotNullWhen(false)] out Refusal? refusal)
    {
        map = null;
        refusal = null;
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return true;
            case JsonValueKind.Object:
                map = value.Deserialize<Inputs>(InputOptions);
                return true;
            default:
                refusal = Refusal.Malformed($"The parameter '{name}' is not an object.");
                return false;
        }
    }
}
