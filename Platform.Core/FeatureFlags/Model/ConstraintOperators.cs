using System.Collections.Frozen;

namespace Platform.FeatureFlags;

/// <summary>The 19 operators of Unleash's client specification 6.</summary>
public static class ConstraintOperators
{
    internal const string In = "IN";
    internal const string NotIn = "NOT_IN";
    internal const string StartsWith = "STR_STARTS_WITH";
    internal const string EndsWith = "STR_ENDS_WITH";
    internal const string Contains = "STR_CONTAINS";
    internal const string NumberEquals = "NUM_EQ";
    internal const string NumberGreater = "NUM_GT";
    internal const string NumberAtLeast = "NUM_GTE";
    internal const string NumberLess = "NUM_LT";
    internal const string NumberAtMost = "NUM_LTE";
    internal const string DateAfter = "DATE_AFTER";
    internal const string DateBefore = "DATE_BEFORE";
    internal const string VersionEquals = "SEMVER_EQ";
    internal const string VersionGreater = "SEMVER_GT";
    internal const string VersionAtLeast = "SEMVER_GTE";
    internal const string VersionLess = "SEMVER_LT";
    internal const string VersionAtMost = "SEMVER_LTE";
    internal const string Regex = "REGEX";
    internal const string InCidr = "IN_CIDR";

    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        [
            In, NotIn, StartsWith, EndsWith, Contains, NumberEquals, NumberGreater, NumberAtLeast, NumberLess, NumberAtMost, DateAfter, DateBefore,
            VersionEquals, VersionGreater, VersionAtLeast, VersionLess, VersionAtMost, Regex, InCidr,
        ],
        StringComparer.Ordinal);

    /// <summary>Every operator, as it is written.</summary>
    public static IReadOnlySet<string> All => Names;

    internal static bool TakesValues(string name) => name is In or NotIn or StartsWith or EndsWith or Contains or InCidr;
}
