using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>
/// One flag. The fields from <see cref="Everyone"/> to <see cref="Modified"/> are those of waffle's <c>Flag</c>, each at its place;
/// the ones after them are Platform's own.
/// </summary>
/// <remarks>
/// A flag of <see cref="FlagOrigin.Microsoft"/> or <see cref="FlagOrigin.Unleash"/> is written in <see cref="Definition"/>, in the words of its
/// system; of the other fields it may have <see cref="Killed"/> and <see cref="Note"/> only.
/// </remarks>
public sealed record FlagDefinition
{
    /// <summary>The name in code, 1 to 200 characters, none of them a control character.</summary>
    public required string Name { get; init; }

    /// <summary>Whose rules decide; own by default.</summary>
    public FlagOrigin Origin { get; init; }

    /// <summary>The kill switch: off for everybody, whatever else the flag says. Beats every other field, of every origin.</summary>
    public bool Killed { get; init; }

    /// <summary>On (true) or off (false) for everybody; null goes on to the fields below.</summary>
    public bool? Everyone { get; init; }

    /// <summary>
    /// Percent of callers, 0 to 100, with at most three decimals. Own: sticky per user or visitor, and growing it never turns one off.
    /// Waffle: dice, kept in a cookie.
    /// </summary>
    public decimal? Percent { get; init; }

    /// <summary>A tester may turn the flag on or off for himself by <c>?dwft_name=1</c>, a header or a cookie.</summary>
    public bool Testing { get; init; }

    /// <summary>On for superusers. False by default; waffle's own default is true, which its import keeps.</summary>
    public bool Superusers { get; init; }

    /// <summary>On for staff.</summary>
    public bool Staff { get; init; }

    /// <summary>On for callers who are signed in.</summary>
    public bool Authenticated { get; init; }

    /// <summary>On for callers with one of these languages, compared exactly (<c>pt-br</c>).</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Waffle's roll-out mode: an inactive answer lasts for the session only.</summary>
    public bool Rollout { get; init; }

    /// <summary>Where the flag is used and why, for people.</summary>
    public string Note { get; init; } = "";

    /// <summary>On for these users: ids or user names.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>On for the members of these groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>When it was made, if that is known.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed, if that is known.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>On for callers with one of these roles.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Off for these callers, before anything turns it on for them, except <see cref="Everyone"/>.</summary>
    public ExclusionDefinition? Exclusion { get; init; }

    /// <summary>Where there are any, the flag is off outside all of them.</summary>
    public IReadOnlyList<TimeWindowDefinition> Windows { get; init; } = [];

    /// <summary>Flags that must have the wanted answer first, else this one is off.</summary>
    public IReadOnlyList<PrerequisiteDefinition> Prerequisites { get; init; } = [];

    /// <summary>Rules in order; the first that fits decides.</summary>
    public IReadOnlyList<RuleDefinition> Rules { get; init; } = [];

    /// <summary>The context field that percentages and variants stick to; null is the user, else the visitor.</summary>
    public string? Stickiness { get; init; }

    /// <summary>Variants, given by weight to those for whom the flag is on.</summary>
    public IReadOnlyList<VariantDefinition> Variants { get; init; } = [];

    /// <summary>The variant for those the weights leave over, by name; null is none.</summary>
    public string? DefaultVariant { get; init; }

    /// <summary>The variant where the flag is off, by name; null is none.</summary>
    public string? OffVariant { get; init; }

    /// <summary>The flag as its own system writes it. Of a waffle flag: the row it was imported from, for what has no place here.</summary>
    public JsonElement? Definition { get; init; }
}
