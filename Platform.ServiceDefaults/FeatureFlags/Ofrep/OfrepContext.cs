using System.Globalization;
using System.Text.Json;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags.Ofrep;

/// <summary>Reads the context of a request: <c>targetingKey</c> is the user, some names have a meaning, the others are fields for constraints.</summary>
/// <remarks>It says about whom the question is, not who asks: nothing is allowed by it.</remarks>
internal static class OfrepContext
{
    private const int MaxFields = 500;
    private const int MaxText = 4_096;

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Reads a body.</summary>
    /// <returns>The caller, or what is wrong.</returns>
    public static (FlagContext? Context, OfrepError? Error) Read(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return (new FlagContext(), null);
        }

        try
        {
            using var document = JsonDocument.Parse(body, Json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, new(OfrepErrorCode.ParseError, "The body has to be a JSON object."));
            }

            return !root.TryGetProperty("context", out var context) || context.ValueKind == JsonValueKind.Null ? (new FlagContext(), null)
                : context.ValueKind == JsonValueKind.Object ? Fields(context)
                : (null, Invalid("The context has to be an object."));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // An unpaired surrogate in a text shows only when the text is read.
            return (null, new(OfrepErrorCode.ParseError, "The body is not valid JSON."));
        }
    }

    private static (FlagContext? Context, OfrepError? Error) Fields(JsonElement context)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] groups = [];
        string[] roles = [];
        var count = 0;
        foreach (var property in context.EnumerateObject())
        {
            if (++count > MaxFields)
            {
                return (null, Invalid($"A context has at most {MaxFields} fields."));
            }

            switch (property.Name)
            {
                case "targetingKey" when property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null):
                    return (null, Invalid("targetingKey has to be a text."));
                case "groups" or "roles" when property.Value.ValueKind == JsonValueKind.Array:
                    var names = property.Value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).ToArray();
                    (groups, roles) = property.Name == "groups" ? (names, roles) : (groups, names);
                    break;
                default:
                    if (Text(property.Value) is { } text)
                    {
                        if (text.Length > MaxText)
                        {
                            return (null, Invalid($"A field has at most {MaxText} characters."));
                        }

                        fields[property.Name] = text;
                    }

                    break;
            }
        }

        return Create(fields, groups, roles);
    }

    private static (FlagContext? Context, OfrepError? Error) Create(Dictionary<string, string> fields, string[] groups, string[] roles)
    {
        DateTimeOffset? now = null;
        if (fields.TryGetValue("currentTime", out var time))
        {
            if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
            {
                return (null, Invalid("currentTime has to be a date."));
            }

            now = parsed;
        }

        var user = fields.GetValueOrDefault("targetingKey");
        return (new FlagContext
        {
            UserId = string.IsNullOrEmpty(user) ? fields.GetValueOrDefault("userId") : user,
            UserName = fields.GetValueOrDefault("userName"),
            VisitorId = fields.GetValueOrDefault("visitorId") ?? fields.GetValueOrDefault("sessionId"),
            IsAuthenticated = Is("authenticated"),
            IsStaff = Is("staff"),
            IsSuperuser = Is("superuser"),
            Groups = groups,
            Roles = roles,
            Language = fields.GetValueOrDefault("language"),
            RemoteAddress = fields.GetValueOrDefault("remoteAddress"),
            AppName = fields.GetValueOrDefault("appName"),
            Environment = fields.GetValueOrDefault("environment"),
            CurrentTime = now,
            Properties = fields,
        }, null);

        bool Is(string field) => fields.GetValueOrDefault(field) == "true";
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    private static OfrepError Invalid(string details) => new(OfrepErrorCode.InvalidContext, details);
}

/// <summary>Why a flag, or all of them, cannot be evaluated.</summary>
/// <param name="Code">One of <see cref="OfrepErrorCode"/>.</param>
/// <param name="Details">The same for a person.</param>
internal sealed record OfrepError(string Code, string Details);

/// <summary>The error codes of OFREP 0.3.0, <c>evaluationFailure</c> and <c>flagNotFound</c>.</summary>
internal static class OfrepErrorCode
{
    public const string ParseError = "PARSE_ERROR";
    public const string TargetingKeyMissing = "TARGETING_KEY_MISSING";
    public const string InvalidContext = "INVALID_CONTEXT";
    public const string FlagNotFound = "FLAG_NOT_FOUND";
    public const string General = "GENERAL";
}
