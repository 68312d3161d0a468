using System.Text.Json;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>A feature flag of Microsoft's schema v2, read.</summary>
public sealed record MicrosoftFeature
{
    /// <summary>Reads a flag as its schema writes it, leniently: what cannot be read has its default. Problems are named when it is checked.</summary>
    public static MicrosoftFeature Read(JsonElement json) => MicrosoftReader.Read(json, "", new FieldErrors());

    /// <summary>The flag's name.</summary>
    public required string Id { get; init; }

    /// <summary>Off where false, whatever the filters say.</summary>
    public bool Enabled { get; init; }

    /// <summary>All filters have to hold rather than any.</summary>
    public bool RequiresAll { get; init; }

    /// <summary>The client filters; none is on.</summary>
    public IReadOnlyList<MicrosoftFilter> Filters { get; init; } = [];

    /// <summary>The variants.</summary>
    public IReadOnlyList<MicrosoftVariant> Variants { get; init; } = [];

    /// <summary>Who gets which variant; null where nobody gets any.</summary>
    public MicrosoftAllocation? Allocation { get; init; }

    /// <summary>Telemetry is asked for.</summary>
    public bool TelemetryEnabled { get; init; }

    /// <summary>What goes along with the telemetry.</summary>
    public IReadOnlyDictionary<string, string> TelemetryMetadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>One client filter.</summary>
/// <param name="Name">As written: <c>Microsoft.Targeting</c>, <c>TimeWindow</c>, a filter of the host's own.</param>
/// <param name="Kind">Which one it is.</param>
/// <param name="Parameters">Its parameters, any JSON object; undefined where there are none.</param>
public sealed record MicrosoftFilter(string Name, MicrosoftFilterKind Kind, JsonElement Parameters)
{
    /// <summary>The parameters of <see cref="MicrosoftFilterKind.Targeting"/>.</summary>
    public MicrosoftAudience? Audience { get; init; }

    /// <summary>The parameters of <see cref="MicrosoftFilterKind.TimeWindow"/>.</summary>
    public TimeWindowDefinition? Window { get; init; }

    /// <summary>The parameter of <see cref="MicrosoftFilterKind.Percentage"/>, 0 to 100; negative never holds.</summary>
    public double Percent { get; init; }
}

/// <summary>The filters that Microsoft.FeatureManagement brings along.</summary>
public enum MicrosoftFilterKind
{
    /// <summary>A filter of the host's own: only Microsoft's feature manager can ask it.</summary>
    Other,

    /// <summary><c>AlwaysOn</c>, <c>On</c>.</summary>
    AlwaysOn,

    /// <summary><c>Microsoft.Targeting</c>.</summary>
    Targeting,

    /// <summary><c>Microsoft.TimeWindow</c>.</summary>
    TimeWindow,

    /// <summary><c>Microsoft.Percentage</c>: dice at each question, not sticky.</summary>
    Percentage,
}

/// <summary>Whom a targeting filter holds for.</summary>
/// <param name="Users">These users.</param>
/// <param name="Groups">A percentage of these groups.</param>
/// <param name="DefaultRolloutPercentage">A percentage of everybody.</param>
/// <param name="ExcludedUsers">None of these users.</param>
/// <param name="ExcludedGroups">Nobody of these groups.</param>
public sealed record MicrosoftAudience(
    IReadOnlyList<string> Users,
    IReadOnlyList<MicrosoftGroup> Groups,
    double DefaultRolloutPercentage,
    IReadOnlyList<string> ExcludedUsers,
    IReadOnlyList<string> ExcludedGroups);

/// <summary>A percentage of a group.</summary>
/// <param name="Name">The group.</param>
/// <param name="RolloutPercentage">0 to 100.</param>
public sealed record MicrosoftGroup(string Name, double RolloutPercentage);

/// <summary>A variant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ConfigurationValue">Its value, any JSON; null where there is none.</param>
/// <param name="StatusOverride">Turns the flag on or off for those who get it; null leaves it.</param>
public sealed record MicrosoftVariant(string Name, JsonElement? ConfigurationValue, bool? StatusOverride);

/// <summary>Who gets which variant.</summary>
/// <param name="DefaultWhenDisabled">The variant where the flag is off.</param>
/// <param name="DefaultWhenEnabled">The variant where it is on and nothing else fits.</param>
/// <param name="Users">Users, first.</param>
/// <param name="Groups">Groups, second.</param>
/// <param name="Percentiles">Ranges of percent, third.</param>
/// <param name="Seed">What the percentage is drawn from beside the user; null is the flag.</param>
public sealed record MicrosoftAllocation(
    string? DefaultWhenDisabled,
    string? DefaultWhenEnabled,
    IReadOnlyList<MicrosoftAssignment> Users,
    IReadOnlyList<MicrosoftAssignment> Groups,
    IReadOnlyList<MicrosoftPercentile> Percentiles,
    string? Seed);

/// <summary>A variant for users or groups.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Names">The users or groups.</param>
public sealed record MicrosoftAssignment(string Variant, IReadOnlyList<string> Names);

/// <summary>A variant for a range of percent.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="From">The first percent inside.</param>
/// <param name="To">The first percent outside, but 100 is inside.</param>
public sealed record MicrosoftPercentile(string Variant, double From, double To);
