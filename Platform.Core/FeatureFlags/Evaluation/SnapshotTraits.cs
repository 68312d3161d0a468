using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>What can be told of a document as a whole, once per snapshot.</summary>
internal static class SnapshotTraits
{
    private const int FingerprintBytes = 12;

    // What makes a flag of another system answer anew at each question, or by the clock.
    private static readonly string[] Restless =
    [
        "TimeWindow", "Percentage", "DATE_", "random", "gradualRollout", "\"default\"",
    ];

    public static string Fingerprint(FlagDocument document) =>
        Base64Url.EncodeToString(SHA256.HashData(FlagJson.Write(document)).AsSpan(0, FingerprintBytes));

    public static bool IsSteady(FlagDocument document) =>
        document.Flags.All(IsSteady) && !document.Segments.Any(segment => HasDates(segment.Constraints) || IsRestless(segment.Definition));

    private static bool IsSteady(FlagDefinition flag) => flag.Origin switch
    {
        FlagOrigin.Own => flag.Windows.Count == 0 && !flag.Rules.Any(rule => HasDates(rule.Constraints)),
        FlagOrigin.Waffle => flag.Percent is null or 0,
        _ => !IsRestless(flag.Definition),
    };

    private static bool HasDates(IEnumerable<ConstraintDefinition> constraints) =>
        constraints.Any(constraint => constraint.Operator.StartsWith("DATE_", StringComparison.Ordinal));

    private static bool IsRestless(JsonElement? definition) =>
        definition is { } json && json.GetRawText() is var text && Restless.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase));
}
