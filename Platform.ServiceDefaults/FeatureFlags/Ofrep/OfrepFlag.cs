using System.Text.Json;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags.Ofrep;

/// <summary>One flag as OFREP answers it.</summary>
internal sealed class OfrepFlag(FlagDefinition definition)
{
    private readonly bool _draws = definition.Origin == FlagOrigin.Own && definition.Stickiness is null;
    private readonly bool _hasPercent = definition.Percent is > 0 || definition.Rules.Any(rule => rule.Percent is > 0);
    private readonly bool _hasWeights = definition.Variants.Any(variant => variant.Weight > 0);
    private readonly bool _hasValues = HasValues(definition);

    /// <summary>Its name.</summary>
    public string Name => definition.Name;

    /// <summary>Why there is no answer, or null.</summary>
    public OfrepError? ErrorOf(FlagDecision decision, FlagContext context)
    {
        if (decision.Reason == FlagReason.Invalid)
        {
            return new(OfrepErrorCode.ParseError, "The flag cannot be read.");
        }

        var keyed = !string.IsNullOrEmpty(context.UserId) || !string.IsNullOrEmpty(context.VisitorId);
        if (!_draws || keyed)
        {
            return null;
        }

        var missed = !decision.Enabled && _hasPercent && decision.Reason is FlagReason.Percent or FlagReason.NoMatch && _hasPercent;
        var undrawn = decision.Enabled && _hasWeights && !(decision.Reason == FlagReason.Rule && definition.Rules[decision.Part].Variant is not null);
        return missed || undrawn ? new(OfrepErrorCode.TargetingKeyMissing, "The flag is given to a share of callers: it needs a targetingKey.") : null;
    }

    /// <summary>Writes the answer as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="decision">The answer.</param>
    /// <param name="alwaysValue">On or off, where the caller's variant has no value: without it such a flag has none, and the code's default counts.</param>
    public void Write(Utf8JsonWriter json, FlagDecision decision, bool alwaysValue)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, Name);
        if (decision.Variant is { Value: { } value } variant)
        {
            json.WritePropertyName("value"u8);
            WriteValue(json, variant, value);
        }
        else if (alwaysValue || !_hasValues)
        {
            json.WriteBoolean("value"u8, decision.Enabled);
        }

        json.WriteString("reason"u8, ReasonOf(decision));
        if (decision.Variant is { } named)
        {
            json.WriteString("variant"u8, named.Name);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes a failure as an object.</summary>
    public static void WriteError(Utf8JsonWriter json, string key, OfrepError error)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteString("errorCode"u8, error.Code);
        json.WriteString("errorDetails"u8, error.Details);
        json.WriteEndObject();
    }

    private string ReasonOf(FlagDecision decision)
    {
        // Drawn by weight, whatever turned the flag on.
        if (decision is { Enabled: true, Variant: not null } && _hasWeights && definition.Variants.Count > 1 && decision.Reason != FlagReason.Rule)
        {
            return "SPLIT";
        }

        return decision.Reason switch
        {
            FlagReason.Killed or FlagReason.Disabled => "DISABLED",
            FlagReason.Percent or FlagReason.Remembered => "SPLIT",
            FlagReason.Everyone => "STATIC",
            FlagReason.NoMatch when !HasAudience() => "STATIC",
            FlagReason.Unknown or FlagReason.Invalid => "UNKNOWN",
            _ => "TARGETING_MATCH",
        };
    }

    private bool HasAudience() =>
        definition.Origin is FlagOrigin.Microsoft or FlagOrigin.Unleash
        || definition.Users.Count + definition.Groups.Count + definition.Roles.Count + definition.Languages.Count + definition.Rules.Count > 0
        || definition.Percent is not null
        || definition is { Authenticated: true } or { Staff: true } or { Superusers: true };

    // What Unleash keeps as text has a type beside it.
    private static void WriteValue(Utf8JsonWriter json, FlagVariant variant, JsonElement value)
    {
        if (variant.PayloadType is "number" or "json" && value.ValueKind == JsonValueKind.String)
        {
            try
            {
                using var parsed = JsonDocument.Parse(value.GetString()!);
                parsed.RootElement.WriteTo(json);
                return;
            }
            catch (JsonException)
            {
                // Not what it says it is: the text, then.
            }
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            json.WriteStringValue(variant.Name);
            return;
        }

        value.WriteTo(json);
    }

    private static bool HasValues(FlagDefinition definition) => definition switch
    {
        { Origin: FlagOrigin.Microsoft, Definition: { } json } => MicrosoftFeature.Read(json).Variants.Any(variant => variant.ConfigurationValue is not null),
        { Origin: FlagOrigin.Unleash, Definition: { } json } => json.GetRawText().Contains("\"payload\"", StringComparison.Ordinal),
        _ => definition.Variants.Any(variant => variant.Value is not null),
    };
}
