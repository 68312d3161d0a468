using System.Text.Json;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>Reads a flag of Microsoft's schema v2 (microsoft/FeatureManagement, <c>FeatureFlag.v2.0.0.schema.json</c>).</summary>
internal static class MicrosoftReader
{
    private const int MaxDays = 3650;

    public static MicrosoftFeature Read(JsonElement json, string pointer, FieldErrors errors)
    {
        var flag = new ConfigurationJson(json, pointer, errors);
        var id = flag["id"].Text ?? "";
        if (id.Length == 0)
        {
            errors.Add(flag["id"].Pointer, "required", "A value is required.");
        }
        else if (id.AsSpan().ContainsAny(":%\r\n"))
        {
            errors.Add(flag["id"].Pointer, "invalid", "The characters : and %, and line breaks, are not allowed.");
        }

        var conditions = flag["conditions"];
        var variants = flag["variants"].Items().Select(Variant).ToArray();
        return new MicrosoftFeature
        {
            Id = id,
            Enabled = flag["enabled"].Bool(fallback: false),
            RequiresAll = conditions["requirement_type"].Enum<Requirement>() == Requirement.All,
            Filters = [.. conditions["client_filters"].Items().Select(Filter)],
            Variants = variants,
            Allocation = flag["allocation"] is { IsObject: true } allocation ? Allocation(allocation) : null,
            TelemetryEnabled = flag["telemetry"]["enabled"].Bool(fallback: false),
            TelemetryMetadata = Metadata(flag["telemetry"]["metadata"]),
        };
    }

    /// <summary>Matches as Microsoft.FeatureManagement does: without case, and without the namespace where the flag writes none.</summary>
    private static MicrosoftFilterKind Kind(string name) => name.ToUpperInvariant() switch
    {
        "ALWAYSON" or "ON" => MicrosoftFilterKind.AlwaysOn,
        "MICROSOFT.TARGETING" or "TARGETING" => MicrosoftFilterKind.Targeting,
        "MICROSOFT.TIMEWINDOW" or "TIMEWINDOW" => MicrosoftFilterKind.TimeWindow,
        "MICROSOFT.PERCENTAGE" or "PERCENTAGE" => MicrosoftFilterKind.Percentage,
        _ => MicrosoftFilterKind.Other,
    };

    private static MicrosoftFilter Filter(ConfigurationJson filter)
    {
        var name = filter["name"].Text ?? "";
        if (name.Length == 0)
        {
            filter.Errors.Add(filter["name"].Pointer, "required", "A value is required.");
        }

        var parameters = filter["parameters"];
        var read = new MicrosoftFilter(name, Kind(name), parameters.Element);
        return read.Kind switch
        {
            MicrosoftFilterKind.Targeting => read with { Audience = Audience(parameters["Audience"]) },
            MicrosoftFilterKind.TimeWindow => read with { Window = Window(parameters) },
            MicrosoftFilterKind.Percentage => read with { Percent = parameters["Value"].Number(-1) },
            _ => read,
        };
    }

    private static MicrosoftAudience Audience(ConfigurationJson audience)
    {
        if (!audience.IsObject)
        {
            audience.Errors.Add(audience.Pointer, "required", "A value is required.");
        }

        return new(
            audience["Users"].Texts(),
            [.. audience["Groups"].Items().Select(group => new MicrosoftGroup(group["Name"].Text ?? "", group["RolloutPercentage"].Percent(0)))],
            audience["DefaultRolloutPercentage"].Percent(0),
            audience["Exclusion"]["Users"].Texts(),
            audience["Exclusion"]["Groups"].Texts());
    }

    private static TimeWindowDefinition Window(ConfigurationJson parameters)
    {
        var window = new TimeWindowDefinition { Start = parameters["Start"].Date(), End = parameters["End"].Date() };
        if (parameters["Recurrence"] is not { IsObject: true } recurrence)
        {
            return window;
        }

        var pattern = recurrence["Pattern"];
        var range = recurrence["Range"];
        Require(pattern);
        Require(range);
        var rangeType = range["Type"].Enum<RangeType>() ?? RangeType.NoEnd;
        window = window with
        {
            Recurrence = new RecurrenceDefinition
            {
                Kind = pattern["Type"].Enum<RecurrenceKind>() ?? RecurrenceKind.Daily,
                Interval = pattern["Interval"].Whole(1),
                Days = [.. pattern["DaysOfWeek"].Items().Select(day => day.Enum<DayOfWeek>()).OfType<DayOfWeek>()],
                FirstDay = pattern["FirstDayOfWeek"].Enum<DayOfWeek>() ?? DayOfWeek.Sunday,

                // Ranges that are not given hold Microsoft's defaults: the end of time, and more occurrences than there are.
                Until = rangeType == RangeType.EndDate ? range["EndDate"].Date() ?? DateTimeOffset.MaxValue : null,
                Occurrences = rangeType == RangeType.Numbered ? range["NumberOfOccurrences"].Whole(int.MaxValue) : null,
            },
        };
        WindowRules.Check(window, parameters.Errors, new WindowPointers(parameters), TimeSpan.FromDays(MaxDays));
        return window;
    }

    private static void Require(ConfigurationJson value)
    {
        if (!value.IsObject)
        {
            value.Errors.Add(value.Pointer, "required", "A value is required.");
        }
    }

    private static MicrosoftVariant Variant(ConfigurationJson variant)
    {
        var name = variant["name"].Text ?? "";
        if (name.Length == 0)
        {
            variant.Errors.Add(variant["name"].Pointer, "required", "A value is required.");
        }

        var value = variant["configuration_value"].Element;
        return new(name, value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : value, variant["status_override"].Enum<Status>() switch
        {
            Status.Enabled => true,
            Status.Disabled => false,
            _ => null,
        });
    }

    private static MicrosoftAllocation Allocation(ConfigurationJson allocation) => new(
        allocation["default_when_disabled"].Text,
        allocation["default_when_enabled"].Text,
        [.. allocation["user"].Items().Select(user => new MicrosoftAssignment(user["variant"].Text ?? "", user["users"].Texts()))],
        [.. allocation["group"].Items().Select(group => new MicrosoftAssignment(group["variant"].Text ?? "", group["groups"].Texts()))],
        [.. allocation["percentile"].Items().Select(Percentile)],
        allocation["seed"].Text);

    private static MicrosoftPercentile Percentile(ConfigurationJson percentile)
    {
        var read = new MicrosoftPercentile(percentile["variant"].Text ?? "", percentile["from"].Percent(0), percentile["to"].Percent(0));
        if (read.From > read.To)
        {
            percentile.Errors.Add(percentile["from"].Pointer, "out_of_range", "The range ends before it begins.");
        }

        return read;
    }

    private static Dictionary<string, string> Metadata(ConfigurationJson metadata)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (metadata.IsObject)
        {
            foreach (var property in metadata.Element.EnumerateObject())
            {
                texts[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
            }
        }

        return texts;
    }

    private enum Requirement
    {
        Any,
        All,
    }

    private enum RangeType
    {
        NoEnd,
        EndDate,
        Numbered,
    }

    private enum Status
    {
        None,
        Enabled,
        Disabled,
    }

    private sealed record WindowPointers(ConfigurationJson Parameters) : IWindowPointers
    {
        public string Start => Parameters["Start"].Pointer;

        public string End => Parameters["End"].Pointer;

        public string Interval => Parameters["Recurrence"]["Pattern"]["Interval"].Pointer;

        public string Days => Parameters["Recurrence"]["Pattern"]["DaysOfWeek"].Pointer;

        public string Until => Parameters["Recurrence"]["Range"]["EndDate"].Pointer;

        public string Occurrences => Parameters["Recurrence"]["Range"]["NumberOfOccurrences"].Pointer;
    }
}
