using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Turns flags into the definitions that Microsoft's feature manager asks.</summary>
internal static class MicrosoftDefinitions
{
    public static FeatureDefinition Of(MicrosoftFeature feature, bool killed) => new()
    {
        Name = feature.Id,
        Status = feature.Enabled && !killed ? FeatureStatus.Conditional : FeatureStatus.Disabled,
        RequirementType = feature.RequiresAll ? RequirementType.All : RequirementType.Any,
        EnabledFor = feature.Filters.Count == 0 ? [AlwaysOn] : [.. feature.Filters.Select(Filter)],
        Variants = [.. feature.Variants.Select(Variant)],
        Allocation = feature.Allocation is { } allocation ? Allocation(allocation) : null,
        Telemetry = new TelemetryConfiguration
        {
            Enabled = feature.TelemetryEnabled,
            Metadata = feature.TelemetryMetadata.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal),
        },
    };

    /// <summary>A flag that one filter decides for all, by our own engine.</summary>
    public static FeatureDefinition Of(string name) => new()
    {
        Name = name,
        EnabledFor = [new FeatureFilterConfiguration { Name = PlatformFlagFilter.Alias, ParametersObject = name }],
    };

    /// <summary>A value of a variant as configuration, which is how Microsoft's <see cref="Variant"/> gives it to code.</summary>
    public static IConfigurationSection Section(JsonElement? value)
    {
        const string key = "value";
        if (value is not { } json)
        {
            return new ConfigurationBuilder().Build().GetSection(key);
        }

        using var stream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, JsonElement> { [key] = json }));
        return new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection(key);
    }

    private static FeatureFilterConfiguration AlwaysOn => new() { Name = "AlwaysOn" };

    private static FeatureFilterConfiguration Filter(MicrosoftFilter filter) => filter switch
    {
        { Audience: { } audience } => new() { Name = filter.Name, ParametersObject = new TargetingFilterSettings { Audience = Audience(audience) } },
        { Window: { } window } => new() { Name = filter.Name, ParametersObject = Window(window) },
        { Kind: MicrosoftFilterKind.Percentage } =>
            new() { Name = filter.Name, ParametersObject = new PercentageFilterSettings { Value = (int)filter.Percent } },

        // A filter of the host's own reads configuration; it is built here, once, not at each question.
        _ => new() { Name = filter.Name, Parameters = Section(filter.Parameters.ValueKind == JsonValueKind.Object ? filter.Parameters : null) },
    };

    private static Audience Audience(MicrosoftAudience audience) => new()
    {
        Users = [.. audience.Users],
        Groups = [.. audience.Groups.Select(group => new GroupRollout { Name = group.Name, RolloutPercentage = group.RolloutPercentage })],
        DefaultRolloutPercentage = audience.DefaultRolloutPercentage,
        Exclusion = new BasicAudience { Users = [.. audience.ExcludedUsers], Groups = [.. audience.ExcludedGroups] },
    };

    private static TimeWindowFilterSettings Window(TimeWindowDefinition window) => new()
    {
        Start = window.Start,
        End = window.End,
        Recurrence = window.Recurrence is { } recurrence ? Recurrence(recurrence) : null,
    };

    private static Recurrence Recurrence(RecurrenceDefinition recurrence) => new()
    {
        Pattern = new RecurrencePattern
        {
            Type = recurrence.Kind == RecurrenceKind.Daily ? RecurrencePatternType.Daily : RecurrencePatternType.Weekly,
            Interval = recurrence.Interval,
            DaysOfWeek = [.. recurrence.Days],
            FirstDayOfWeek = recurrence.FirstDay,
        },
        Range = recurrence switch
        {
            { Until: { } until } => new RecurrenceRange { Type = RecurrenceRangeType.EndDate, EndDate = until },
            { Occurrences: { } occurrences } => new RecurrenceRange { Type = RecurrenceRangeType.Numbered, NumberOfOccurrences = occurrences },
            _ => new RecurrenceRange { Type = RecurrenceRangeType.NoEnd },
        },
    };

    private static Microsoft.FeatureManagement.VariantDefinition Variant(MicrosoftVariant variant) => new()
    {
        Name = variant.Name,
        ConfigurationValue = Section(variant.ConfigurationValue),
        StatusOverride = variant.StatusOverride switch
        {
            true => StatusOverride.Enabled,
            false => StatusOverride.Disabled,
            _ => StatusOverride.None,
        },
    };

    private static Allocation Allocation(MicrosoftAllocation allocation) => new()
    {
        DefaultWhenDisabled = allocation.DefaultWhenDisabled,
        DefaultWhenEnabled = allocation.DefaultWhenEnabled,
        User = [.. allocation.Users.Select(user => new UserAllocation { Variant = user.Variant, Users = [.. user.Names] })],
        Group = [.. allocation.Groups.Select(group => new GroupAllocation { Variant = group.Variant, Groups = [.. group.Names] })],
        Percentile = [.. allocation.Percentiles.Select(range => new PercentileAllocation { Variant = range.Variant, From = range.From, To = range.To })],
        Seed = string.IsNullOrEmpty(allocation.Seed) ? null : allocation.Seed,
    };
}
