using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Platform.Errors;

namespace Platform.Api.Http;

/// <summary>JSON Merge Patch (RFC 7396): what the patch names is replaced, null removes, everything else stays.</summary>
internal static class MergePatch
{
    public const string MediaType = "application/merge-patch+json";

    private static readonly JsonSerializerOptions Options = ApiJsonExtensions.Strict(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Applies a patch to what can be set of a resource.</summary>
    /// <exception cref="ErrorException">The patch is no object, or values in it have the wrong type: all of them are named.</exception>
    public static T Apply<T>(T current, JsonElement patch)
    {
        if (patch.ValueKind is not JsonValueKind.Object)
        {
            throw ErrorException.Validation(new FieldError("", "invalid", "The patch has to be an object."));
        }

        var type = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
        var merged = Merge(JsonSerializer.SerializeToNode(current, type), JsonObject.Create(patch)!);
        try
        {
            return merged.Deserialize(type)!;
        }
        catch (JsonException exception)
        {
            using var document = JsonDocument.Parse(merged.ToJsonString());
            throw ErrorException.Validation(exception, JsonShape.Errors(document.RootElement, type) is { Count: > 0 } errors ? errors : [JsonShape.Wrong("")]);
        }
        catch (InvalidOperationException exception)
        {
            // JSON in memory tells half a surrogate pair only when it is read as text.
            throw new ErrorException(ErrorCode.InvalidInput, "The patch holds a text that is no Unicode.", exception);
        }
    }

    // The algorithm of section 2.
    private static JsonObject Merge(JsonNode? target, JsonObject patch)
    {
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in patch.ToArray())
        {
            patch.Remove(name);
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = value is JsonObject inner ? Merge(result[name], inner) : value;
            }
        }

        return result;
    }
}
